// Two clients of two tenants: the same query, disjoint hits; and what an id of the other tenant is worth.
import { randomUUID } from 'node:crypto'
import type { Deployment } from './deployment.ts'
import { mcpClient, rawCall, type Hit } from './mcp-clients.ts'
import type { Section } from './page.ts'

const QUERY = 'SEC disclosure requirements GDPR data breach'
const TENANTS = { lawFirm: 'penhallow-strake', fund: 'quillon-bay' }

export async function sameQueryDisjointHits(section: Section, gatehouse: Deployment): Promise<void> {
  section.say(
    `Two clients made of @modelcontextprotocol/client 2.4, one negotiating the newest revision, one opening as older clients ` +
      `do, each with a token of its tenant. Both call hybrid_search with "${QUERY}", limit 5.`,
  )
  const lawFirm = await searched(gatehouse, TENANTS.lawFirm, 'auto')
  const fund = await searched(gatehouse, TENANTS.fund, 'legacy')
  for (const { tenant, revision, hits } of [lawFirm, fund]) {
    const rows = hits.map(({ score, title }, index) => `${index + 1}  ${score.toFixed(4)}  ${title}`)
    section.block('text', [`${tenant}, revision ${revision}:`, ...rows].join('\n'))
  }
  const ids = lawFirm.hits.map(hit => hit.doc_id)
  section.claim(
    'each client found five documents, and no document is in both answers',
    ids.length === 5 && fund.hits.length === 5 && fund.hits.every(hit => !ids.includes(hit.doc_id)),
  )
  section.claim(
    "every hit names its client's own tenant",
    [lawFirm, fund].every(({ hits }) => new Set(hits.map(hit => hit.tenant_id)).size === 1) &&
      lawFirm.hits[0]?.tenant_id !== fund.hits[0]?.tenant_id,
  )
  section.claim(
    'one endpoint served both revisions, 2026-07-28 and 2025-11-25',
    lawFirm.revision === '2026-07-28' && fund.revision === '2025-11-25',
  )
}

async function searched(
  gatehouse: Deployment,
  tenant: string,
  era: 'auto' | 'legacy',
): Promise<{ tenant: string; revision: string; hits: Hit[] }> {
  const client = await mcpClient(gatehouse.url, await gatehouse.token(tenant), era)
  const { hits } = (await client.call('hybrid_search', { query: QUERY, limit: 5 })) as { hits: Hit[] }
  await client.close()
  return { tenant, revision: client.revision, hits }
}

/** Headers that differ between any two answers, whatever was asked. */
const EVER_DIFFERENT = /^(date|ratelimit.*|x-ratelimit.*)$/

export async function foreignIdIsUnknown(section: Section, gatehouse: Deployment): Promise<void> {
  const lawFirm = await gatehouse.token(TENANTS.lawFirm)
  const { hits } = await searched(gatehouse, TENANTS.fund, 'auto')
  const foreign = hits[0]?.doc_id ?? ''
  const random = randomUUID()
  section.say(
    'The law firm asks for a document of the fund, by its true id, and for an id that nobody ever made. The request id is the ' +
      "same for all, since a client may choose it. The fund's answer to its own id stands first, to show that the id is real.",
  )
  const own = await asked(gatehouse, await gatehouse.token(TENANTS.fund), 'retrieve_document', foreign)
  section.block('text', `as the fund: retrieve_document <an id of the fund>\n${readable(own).slice(0, 300)}`)
  let isSame = true
  for (const tool of ['retrieve_document', 'delete_document']) {
    const ofForeign = await asked(gatehouse, lawFirm, tool, foreign)
    const ofRandom = await asked(gatehouse, lawFirm, tool, random)
    section.shell(`as the law firm: ${tool} <an id of the fund>`, readable(ofForeign))
    section.shell(`as the law firm: ${tool} <an id nobody has>`, readable(ofRandom))
    isSame &&= JSON.stringify(ofForeign) === JSON.stringify(ofRandom)
  }
  section.claim('the fund itself gets its document by that id', own.body.includes('"title"'))
  section.claim(
    'for both tools, status, headers (but date and allowance) and every byte are the same',
    isSame,
  )
  const still = await asked(gatehouse, await gatehouse.token(TENANTS.fund), 'retrieve_document', foreign)
  section.claim('the document is still there for the fund', still.body === own.body)
}

function readable({ status, body }: { status: number; body: string }): string {
  return `${status}\n${body.replace(/^event: .*\n/, '').trim()}`
}

async function asked(gatehouse: Deployment, token: string, name: string, documentId: string) {
  const { status, headers, body } = await rawCall(gatehouse.url, token, {
    name,
    arguments: { document_id: documentId },
  })
  const kept = Object.entries(headers).filter(([header]) => !EVER_DIFFERENT.test(header))
  return { status, headers: kept, body }
}
