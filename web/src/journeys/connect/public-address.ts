// The address that programs are to use. It may be another than the one this page was opened at.
import { queryOptions } from '@tanstack/react-query'
import { send } from '../../api/send.ts'

/** From the metadata that every MCP client reads; this page's own where it is not served (a process for the page alone). */
export const publicAddress = queryOptions({
  queryKey: ['public-address'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => {
    try {
      const answer = await send('/.well-known/oauth-protected-resource', { method: 'GET', signal })
      const { resource } = (await answer.json()) as { readonly resource?: unknown }
      return typeof resource === 'string' ? resource.replace(/\/mcp$/, '') : window.location.origin
    } catch {
      return window.location.origin
    }
  },
})
