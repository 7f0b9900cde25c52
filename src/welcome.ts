// What a person reads when the server stands: the link to sign in with, where programs find it, and a line to paste that
// already works.
import { issuerOf, resourceOf } from './gate/tokens/audience.ts'
import type { Config } from './platform/config.ts'
import type { Gatehouse } from './gatehouse.ts'
import { ROLES } from './roles.ts'

const CARD_PATH = '/.well-known/agent-card.json'
const QUERY = 'SEC disclosure requirements GDPR data breach'

export async function welcome(gatehouse: Gatehouse, config: Config): Promise<string> {
  const url = resourceOf(config.publicUrl, 'mcp')
  const lines = ['']
  if (ROLES[config.role].web) lines.push(...(await signInLines(gatehouse, config)))
  lines.push(`Gatehouse serves MCP at ${url}`)
  if (ROLES[config.role].a2a) lines.push(`Its agents' card is at ${issuerOf(config.publicUrl)}${CARD_PATH}`)
  lines.push('')
  const tenants = await gatehouse.operate('list_tenants', {})
  const active = (tenants['tenants'] as { slug: string; status: string }[]).filter(
    tenant => tenant.status === 'active',
  )
  if (active.length === 0) {
    lines.push(
      'There is no tenant yet:',
      '  gatehouse tenant create <slug>',
      '  gatehouse token create --tenant <slug> --user <you>',
    )
  }
  for (const { slug } of active.slice(0, config.seedSamples ? 2 : 0)) {
    const { token } = await gatehouse.operate('create_token', { tenant: slug, user: 'you' })
    lines.push(`Search as ${slug} (a token for one hour):`, '', curl(url, String(token)), '')
  }
  lines.push(
    `Tenants: ${active.map(tenant => tenant.slug).join(', ') || 'none'}.  More: gatehouse --help.  Stop: Ctrl-C.`,
    '',
  )
  return lines.join('\n')
}

/** While nobody can sign in: the link that makes the first account, a new one at each start. */
async function signInLines({ accounts }: Gatehouse, { publicUrl }: Config): Promise<string[]> {
  const link = await accounts.firstRunLink()
  if (link === undefined) return [`The page is at ${publicUrl}/app`, '']
  return ['Open the page and make the first account (the link works once, for a day):', '', `  ${link}`, '']
}

function curl(url: string, token: string): string {
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'hybrid_search', arguments: { query: QUERY, limit: 3 } },
  }
  return [
    `  curl -s ${url} -H 'Authorization: Bearer ${token}' \\`,
    `    -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\`,
    `    -d '${JSON.stringify(body)}' | sed -n 's/^data: //p'`,
  ].join('\n')
}
