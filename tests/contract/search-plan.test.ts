// What a search costs the database: one exchange, the postings of its words, and the rows of its candidates.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CANDIDATES } from '../../src/features/retrieval/branches/branch-rows.ts'
import { lexical } from '../../src/features/retrieval/branches/lexical.ts'
import { nearest } from '../../src/features/retrieval/branches/nearest.ts'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import type { Engine, WireStatement } from '../../src/platform/db/engine/engine.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { localEmbedder } from '../../src/platform/models/local-embedder.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { embedAll, publishText, servingModelOf } from '../harness/publish.ts'
import { callerOf } from '../harness/tenant-caller.ts'

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly Plans?: PlanNode[]
}

const embedder = localEmbedder()
const DOCUMENTS = 600
/** All that is written in publish: each chunk holds 'common', 'ground' and one of the others. */
const everyWord = `common ground rare ${Array.from({ length: 37 }, (_, at) => `word${at}`).join(' ')}`
let db: TestDatabase
let tenant: string
const model = { model: embedder.model.number }

beforeAll(async () => {
  db = await openTestDatabase()
  tenant = await db.createTenant()
  const neighbour = await db.createTenant()
  for (let at = 0; at < DOCUMENTS; at++) await publish(tenant, at)
  for (let at = 0; at < 20; at++) await publish(neighbour, at)
  for (const id of [tenant, neighbour]) await embedAll(db.database, id)
}, 120_000)
afterAll(() => db.close())

/** Four chunks of few words each; every chunk holds 'common', one in a hundred 'rare'. */
async function publish(tenantId: string, number: number): Promise<void> {
  const sentence = (at: number) =>
    `Common ground ${(number * 4 + at) % 100 === 0 ? 'rare ' : ''}word${(number + at) % 37}. `
  const content = Array.from({ length: 4 }, (_, at) => sentence(at).repeat(45)).join('\n\n')
  await publishText(db.database, tenantId, { title: `Document ${number}`, content })
}

/** Chunks that hold each word of the query, by the tenant's statistics. */
async function postingsOf(query: string): Promise<number> {
  const counted = await db.database.readAs({ tenantId: tenant, subject: 't' }, tx =>
    tx.first(sql<{ postings: number }>`
      select sum(s.df)::int as postings from app.words(${query}, 'english') w join app.term_stat s using (term)`),
  )
  return counted?.postings ?? 0
}

async function planOf(
  statement: ReturnType<typeof lexical> | ReturnType<typeof nearest>,
): Promise<PlanNode[]> {
  const explained = { ...statement, sql: `explain (analyze, timing off, format json) ${statement.sql}` }
  const [row] = await db.database.readAs({ tenantId: tenant, subject: 't' }, tx => tx.all(explained))
  const { 'QUERY PLAN': plan } = row as { 'QUERY PLAN': [{ Plan: PlanNode }] }
  return flat(plan[0].Plan)
}

function flat(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flat)]
}

const rowsOf = (nodes: readonly PlanNode[]) =>
  nodes.reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0)
/** Nodes that read a table; a bitmap scan reads by the index below it. */
const readersOf = (nodes: readonly PlanNode[], table: string) =>
  nodes.filter(
    node =>
      (node['Relation Name'] ?? node['Index Name'] ?? '').replace(/^app\./, '').match(`^${table}(_|$)`) !==
      null,
  )

describe.each(['fresh from ingestion, without statistics', 'vacuumed and analysed'])(
  'D21, tables %s',
  state => {
    beforeAll(async () => {
      if (state.startsWith('vacuumed')) await db.asAdmin('vacuum analyze')
    })

    test.each([
      ['two', 'rare ground'],
      ['forty', everyWord],
    ])(
      '%s words are looked up in the posting index by tenant and word, and nothing else of it is read',
      async (_, query) => {
        const nodes = readersOf(await planOf(lexical(tenant, query, model)), 'posting')
        const read = nodes.filter(node => node['Node Type'] !== 'Bitmap Index Scan')
        expect(read).toHaveLength(1)
        expect(read[0]!['Node Type']).toMatch(
          state.startsWith('vacuumed') ? /^Index Only Scan$/ : /^(Index Only|Index|Bitmap Heap) Scan$/,
        )
        for (const { 'Index Cond': condition } of nodes.filter(node => node['Index Name'] !== undefined)) {
          expect(condition).toMatch(/tenant_id = /)
          expect(condition).toMatch(/term = /)
        }
        expect(rowsOf(read)).toBe(await postingsOf(query))
      },
    )
    test.each([
      ['lexical', () => lexical(tenant, 'common ground', model)],
      ['nearest', async () => nearest(tenant, (await embedder.embed(['common ground']))[0]!, model)],
    ])('%s: chunks and documents are fetched by key, for the candidates alone', async (_, statement) => {
      const nodes = await planOf(await statement())
      for (const table of ['chunk', 'document']) {
        const readers = readersOf(nodes, table)
        expect(readers.map(node => node['Node Type'])).toEqual(['Index Scan'])
        expect(rowsOf(readers)).toBe(CANDIDATES)
      }
    })
    test('no partition of another tenant is in the plan', async () => {
      const own = tenant.replaceAll('-', '').slice(0, 16)
      for (const nodes of [
        await planOf(lexical(tenant, 'rare', model)),
        await planOf(nearest(tenant, (await embedder.embed(['rare']))[0]!, model)),
      ]) {
        const partitions = nodes.flatMap(
          node => /^(?:posting|chunk|vector_1)_.*/.exec(node['Relation Name'] ?? '') ?? [],
        )
        expect(partitions.length).toBeGreaterThan(0)
        for (const partition of partitions) expect(partition).toContain(own)
      }
    })
  },
)

test('what words and vectors find comes in one exchange: no statement waits for the answer of another', async () => {
  const log: string[] = []
  const watched: Engine = {
    ...db.app,
    async acquire(signal) {
      const session = await db.app.acquire(signal)
      const send = async (statement: WireStatement) => {
        log.push('sent')
        const answer = await session.send(statement)
        log.push('answered')
        return answer
      }
      return { ...session, send }
    },
  }
  const role = db.engine === 'pglite' ? { role: 'gatehouse_app' } : {}
  const database = sealedDatabase({ engine: watched, sealKey: () => db.sealKey, ...role })
  await callerOf(
    database,
    retrieval({ servingModel: servingModelOf() }),
    tenant,
  )('hybrid_search', { query: 'rare ground' })
  // BEGIN, seal, four statements, COMMIT; words of hits that were not met before are asked for beside, and the audit row
  // of the read follows in a transaction of its own.
  expect(log.slice(0, 14)).toEqual([...Array<string>(7).fill('sent'), ...Array<string>(7).fill('answered')])
})
