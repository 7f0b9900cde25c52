// The SQL of one search: what leaves for PostgreSQL, in how many exchanges, and the plans of its two branches as the
// application role under the tenant's seal.
import { setTimeout as sleep } from 'node:timers/promises'
import { lexical } from '../../src/features/retrieval/branches/lexical.ts'
import { nearest, preferIndex } from '../../src/features/retrieval/branches/nearest.ts'
import { localEmbedder } from '../../src/platform/models/local-embedder.ts'
import { largeDocuments } from './large-documents.ts'
import { mcpClient } from './mcp-clients.ts'
import type { Section } from './page.ts'
import type { OpenServer, ServerDeployment } from './server-deployment.ts'
import type { Exchange } from './wire-proxy.ts'

const QUERY = 'erasure of backups after retention'
const HOLD_MS = 60
/** Documents of the tenant searched: some 3,300 chunks. */
export const ARCHIVE_DOCUMENTS = 40

export async function oneSearch(section: Section, deployment: ServerDeployment): Promise<void> {
  const server = await deployment.open()
  section.say(
    `PostgreSQL ${server.version}, a database and three logins made for this run (DATABASE_URL the application's, ` +
      'DATABASE_OWNER_URL the owner of the schema, DATABASE_WORKER_URL the claimer of jobs):',
  )
  for (const { command, output } of server.setUp) section.shell(command, output)
  const tenantId = await fill(section, server)
  await exchanges(section, server, tenantId)
  await plans(section, server, tenantId)
}

async function fill(section: Section, { gatehouse, asAdmin }: OpenServer): Promise<string> {
  const sizes = {
    archive: { documents: ARCHIVE_DOCUMENTS, bytes: 100_000 },
    neighbour: { documents: 8, bytes: 50_000 },
  }
  for (const [slug, { documents, bytes }] of Object.entries(sizes)) {
    const created = await gatehouse.command(`tenant create ${slug}`)
    if (created.code !== 0) throw new Error(created.output)
    const client = await mcpClient(gatehouse.url, await gatehouse.token(slug))
    for (const { title, content } of largeDocuments(slug, documents, bytes))
      await client.call('add_document', { title, content })
    await client.close()
  }
  // What autovacuum does by itself a minute later.
  await asAdmin('vacuum analyze')
  const rows = await asAdmin(`
    select t.slug as tenant, t.id, (select count(*) from app.chunk c where c.tenant_id = t.id)::int as chunks,
      (select count(*) from app.posting p where p.tenant_id = t.id)::int as postings
    from app.tenant t order by t.slug`)
  const lines = rows.map(
    row =>
      `${String(row['tenant']).padEnd(10)}${String(row['chunks'])} chunks, ${String(row['postings'])} postings`,
  )
  section.say('Two tenants, filled through add_document, counted by the administrator:')
  section.block('text', lines.join('\n'))
  section.claim('the tenant searched holds at least 3,000 chunks', Number(rows[0]?.['chunks']) >= 3_000)
  return String(rows[0]?.['id'])
}

async function exchanges(section: Section, { gatehouse, wire }: OpenServer, tenantId: string): Promise<void> {
  const client = await mcpClient(gatehouse.url, await gatehouse.token('archive'))
  const search = (query: string): Promise<unknown> => client.call('hybrid_search', { query, limit: 5 })
  await search('which backups are kept, and how long')
  const record = (query: string) =>
    wire.record(HOLD_MS, async () => {
      await search(query)
      await sleep(2 * HOLD_MS)
    })
  const seen = await record(QUERY)
  const again = await record(QUERY)
  await client.close()
  const ofSearch = seen.filter(exchange => mentions(exchange, tenantId) && mentions(exchange, 'app.posting'))
  const others = seen.filter(exchange => !ofSearch.includes(exchange))
  section.say(
    `One hybrid_search for "${QUERY}". A door on the way to PostgreSQL wrote down what passed and held every answer back for ` +
      `${HOLD_MS} ms: what stands below left before the first answer came. Values are cut, long statements too.`,
  )
  section.block('sql', (ofSearch[0]?.statements ?? []).map(shown).join('\n'))
  section.say(
    `What else passed until ${2 * HOLD_MS} ms after the answer, an exchange a line: which terms the words of the hits have, to ` +
      'highlight them, where this process has not met them yet; the audit row of a read is written in a transaction of its ' +
      'own, many of them in one when there are many:',
  )
  section.block('sql', others.map(inOneLine).join('\n') || '-- nothing')
  section.claim(
    'words and vectors were one exchange of seven statements, from BEGIN to COMMIT',
    isWhole(ofSearch),
  )
  section.say('The same search again, an exchange a line: the index’s version is read, nothing is searched.')
  section.block('sql', again.map(inOneLine).join('\n') || '-- nothing')
  section.claim(
    'the second time the index’s version was read, and no posting',
    again.some(one => mentions(one, 'app.index_version')) && !again.some(one => mentions(one, 'app.posting')),
  )
  section.claim(
    'no text of a statement holds the tenant: it is bound, signed in the seal and as the key to look under',
    ofSearch[0]?.statements.every(({ text }) => !text.includes(tenantId)) ?? false,
  )
}

function isWhole(found: readonly Exchange[]): boolean {
  const [statements = []] = found.map(exchange => exchange.statements.map(({ text }) => text))
  const isFramed = (statements[0]?.startsWith('begin') ?? false) && statements.at(-1) === 'commit'
  return found.length === 1 && statements.length === 7 && isFramed
}

function mentions({ statements }: Exchange, words: string): boolean {
  return statements.some(
    ({ text, values }) => text.includes(words) || values.some(value => value?.includes(words)),
  )
}

function shown({ text, values }: Exchange['statements'][number]): string {
  const lines = text.split('\n').filter(line => line.trim() !== '' && !/^\s*--/.test(line))
  const more = lines.length > 3 ? [`  … ${lines.length - 3} more lines`] : []
  const cut = values.map(value =>
    value === null || value.length < 40 ? (value ?? 'null') : `${value.slice(0, 24)}…`,
  )
  return [...lines.slice(0, 3), ...more, ...(cut.length === 0 ? [] : [`  -- ${cut.join(' | ')}`])].join('\n')
}

function inOneLine({ statements }: Exchange): string {
  return statements.map(({ text }) => text.replaceAll(/\s+/g, ' ').trim().slice(0, 40)).join(' … ; ')
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly Plans?: PlanNode[]
}

async function plans(section: Section, server: OpenServer, tenantId: string): Promise<void> {
  const [vector] = await localEmbedder().embed([QUERY])
  const words = await plan(server, tenantId, lexical(tenantId, QUERY, { model: 1 }))
  section.say(
    'The lexical branch, explained and run as the application role under a seal of this tenant (without the lines about ' +
      'memory). The table of documents is not partitioned and has few rows here, so it may be read whole and filtered.',
  )
  section.block('text', words.text)
  const [total] = await server.asAdmin(
    `select count(*)::int as n from app.posting where tenant_id = '${tenantId}'`,
  )
  const postings = Number(total?.['n'])
  const read = rowsOf(words.nodes, 'posting')
  section.claim(
    `the lexical branch has no sequential scan of postings or chunks, and read ${read} of ${postings} postings`,
    !words.nodes.some(node => isScanOf(node, /^(posting|chunk)_/)) && read > 0 && read < postings / 20,
  )
  section.claim('it fetched at most 50 chunks, by key', rowsOf(words.nodes, 'chunk') <= 50)

  await untilIndexed(server, tenantId)
  const likeness = await plan(server, tenantId, nearest(tenantId, vector ?? null, { model: 1 }))
  section.say(
    'The vector branch. From 2,000 vectors on the maintainer builds an index of the tenant’s own (HNSW), in the background. ' +
      'This tenant has fewer documents than the 50 that a branch brings: so that none is missed, the rest is compared, too.',
  )
  section.block('text', likeness.text)
  section.claim(
    'the vector branch reads the tenant’s index',
    likeness.nodes.some(node => (node['Index Name'] ?? '').endsWith('_nearest')),
  )
  const partitions = [...words.nodes, ...likeness.nodes]
    .flatMap(node => node['Relation Name'] ?? [])
    .filter(isPartition)
  section.claim(
    'neither plan touches a partition of another tenant',
    partitions.length > 0 &&
      partitions.every(name => name.includes(tenantId.replaceAll('-', '').slice(0, 16))),
  )
}

async function untilIndexed({ asAdmin }: OpenServer, tenantId: string): Promise<void> {
  const index = `vector_1_${tenantId.replaceAll('-', '')}_nearest`
  for (let tries = 0; tries < 240; tries++) {
    const [found] = await asAdmin(
      `select from pg_index where indexrelid = to_regclass('app.${index}') and indisvalid`,
    )
    if (found !== undefined) return
    await sleep(500)
  }
  throw new Error(`no index ${index} after two minutes`)
}

async function plan(
  { database }: OpenServer,
  tenantId: string,
  statement: ReturnType<typeof lexical | typeof nearest>,
) {
  const scope = { tenantId, subject: 'transcript' }
  const explained = async (options: string): Promise<unknown[]> => {
    const sql = `explain (analyze, costs off, timing off, summary off, buffers off, ${options}) ${statement.sql}`
    const rows = await database.readAs(scope, async tx => {
      await tx.all(preferIndex())
      return tx.all({ ...statement, sql })
    })
    return rows.map(row => (row as Record<string, unknown>)['QUERY PLAN'])
  }
  const [json] = (await explained('format json')) as [[{ Plan: PlanNode }]]
  return { text: legible(await explained('format text')), nodes: flat(json[0].Plan) }
}

/** Without what an executor says of its memory, and without the 384 numbers of the vector. */
function legible(lines: readonly unknown[]): string {
  const details =
    /^\s*(Storage|Index Searches|Sort Method|Batches|Cache|Hits|Heap|Window|Rows Removed|One-Time|InitPlan|Result)\b/
  return lines
    .map(line => String(line).replace(/'\[[-\d.,e]+\]'(::halfvec(\(\d+\))?)?/g, '<vector>'))
    .filter(line => !details.test(line))
    .join('\n')
}

function flat(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flat)]
}

function isScanOf(node: PlanNode, tables: RegExp): boolean {
  return node['Node Type'] === 'Seq Scan' && tables.test(node['Relation Name'] ?? '')
}

function isPartition(name: string): boolean {
  return /^(posting|chunk|vector_1)_/.test(name)
}

function rowsOf(nodes: readonly PlanNode[], table: string): number {
  const own = nodes.filter(node => node['Relation Name']?.startsWith(`${table}_`))
  // PostgreSQL 18 prints the mean of all loops, to two places.
  return Math.round(own.reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0))
}
