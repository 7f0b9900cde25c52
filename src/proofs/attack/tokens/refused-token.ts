// Whether the server lets a bearer of something in. Every door is tried: MCP and, where it is mounted, /api.
import type { Problem } from '../attack.ts'
import type { Ground } from '../ground/ground.ts'

/** A problem when anything but 401 (or `also`) came back from a call that would have told of tenant B. */
export async function refusedToken(
  { mcp, api, b }: Ground,
  what: string,
  token: string,
  also: readonly number[] = [],
): Promise<Problem> {
  const { status, body } = await mcp.call('hybrid_search', { query: b.word }, token)
  const atApi = await api('hybrid_search', { query: b.word }, token)
  const expected = [401, ...also]
  if (body.includes(b.secret) || atApi.body.includes(b.secret)) return `${what} opened tenant B`
  if (!expected.includes(status)) return `${what} got ${status} at /mcp, not 401`
  // 404: this role serves no /api.
  if (![...expected, 404].includes(atApi.status)) return `${what} got ${atApi.status} at /api, not 401`
  return undefined
}
