// Versions of documents, brought as files and as texts: what is the same makes none, what is new replaces the old in
// one moment, what was brought last wins, and what is deleted is gone from every table.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clearVersion } from '../../src/features/documents/versions/remove-version.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { tenantDoors } from '../../src/platform/db/tenant-doors.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import {
  documentOperations,
  ingestionRunner,
  type IngestionRunner,
  type SearchHit,
} from '../harness/document-operations.ts'
import { indexFaults } from '../harness/index-faults.ts'
import { embedAll } from '../harness/publish.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

let db: TestDatabase
let ingestions: IngestionRunner
let tenant: string
let ask: Ask

beforeAll(async () => {
  db = await openTestDatabase()
  ingestions = ingestionRunner(db.database)
  tenant = await db.createTenant()
  ask = callerOf(db.database, documentOperations, tenant)
})
afterAll(async () => {
  await ingestions.close()
  await db.close()
})

interface Ingested {
  readonly state: string
  readonly outcome?: string
  readonly document_id?: string
}

/** Brings a text as a file, and leaves it waiting. */
async function bring(text: string, fields: Record<string, unknown>): Promise<string> {
  const data = Buffer.from(text).toString('base64')
  const tool = 'document_id' in fields ? 'update_document' : 'add_document'
  const { ingestion_id } = await ask<{ ingestion_id: string }>(tool, { data, name: 'file.md', ...fields })
  return ingestion_id
}

const run = (ingestionId: string): Promise<void> => ingestions.run(tenant, ingestionId)

async function endOf(ingestionId: string): Promise<Ingested> {
  const { ingestions: all } = await ask<{ ingestions: (Ingested & { ingestion_id: string })[] }>(
    'list_ingestions',
    { limit: 100 },
  )
  return all.find(one => one.ingestion_id === ingestionId)!
}

async function ingest(text: string, fields: Record<string, unknown>): Promise<Ingested> {
  const id = await bring(text, fields)
  await run(id)
  return endOf(id)
}

const faults = (): Promise<string[]> =>
  db.database.readAs({ tenantId: tenant, subject: 'recount' }, indexFaults)
const search = async (query: string, filter = {}): Promise<SearchHit[]> =>
  (await ask<{ hits: SearchHit[] }>('search_documents', { query, filter })).hits
const read = (document_id: string, version?: number): Promise<Record<string, unknown>> =>
  ask('retrieve_document', { document_id, ...(version === undefined ? {} : { version }) })
const versionsOf = async (documentId: string): Promise<number> =>
  (await db.asAdmin('select id from app.document_version where document_id = $1', [documentId])).length

describe('a file of a known external_id', () => {
  const fields = { external_id: 'shares/plan' }

  test('with the same bytes changes nothing and keeps nothing', async () => {
    const text = '# Plan\n\nThe curlew nests here.\n'
    const { document_id = '', ...first } = await ingest(text, fields)
    expect(first).toMatchObject({ state: 'done', outcome: 'added' })
    const held = () => db.asAdmin('select id from app.version_text v join app.chunk c using (version_id)')
    const before = await held()
    const again = { name: 'file.md', data: Buffer.from(text).toString('base64'), ...fields }
    const unchanged = { status: 'unchanged', document_id, version: 1 }
    expect(await ask('add_document', again)).toEqual({ ...unchanged, cleaned: false, warnings: [] })
    // Other bytes with the same text (a byte order mark) are only known once they were read.
    const marked = Buffer.from(`\ufeff${text}`).toString('base64')
    const { ingestion_id } = await ask<{ ingestion_id: string }>('add_document', { ...again, data: marked })
    await run(ingestion_id)
    expect(await endOf(ingestion_id)).toMatchObject({ state: 'done', outcome: 'unchanged', document_id })
    expect(await versionsOf(document_id)).toBe(1)
    expect(await held()).toEqual(before)
    const kept = await db.asAdmin('select id from app.blob where tenant_id = $1 and kept', [tenant])
    expect(kept).toHaveLength(1)
    expect(await faults()).toEqual([])
  })

  test('with the same bytes is not taken for unchanged when something else is asked for, or on its way', async () => {
    const text = '# Reef\n\nThe avocet wades.\n'
    const of = { external_id: 'reef', name: 'file.md', data: Buffer.from(text).toString('base64') }
    const { document_id = '' } = await ingest(text, { external_id: 'reef', labels: ['a'] })
    const add = (more: object) =>
      ask<{ status: string; ingestion_id?: string }>('add_document', { ...of, ...more })
    expect(await add({ labels: ['a'] })).toMatchObject({ status: 'unchanged' })
    const asked = [{ labels: ['b'] }, { title: 'Reef' }, { language: 'german' }, { metadata: { a: 1 } }]
    for (const more of asked) {
      const { status, ingestion_id = '' } = await add(more)
      expect(status).toBe('accepted')
      await run(ingestion_id)
    }
    const newer = await bring('# Reef\n\nThe dunlin runs.\n', { external_id: 'reef' })
    const back = await add({})
    expect(back.status).toBe('accepted')
    await run(newer)
    await run(back.ingestion_id ?? '')
    expect(await read(document_id)).toMatchObject({ content: text })
    expect(await faults()).toEqual([])
  })

  test('with other bytes becomes the next version, and each version opens with its own title and text', async () => {
    const old = { text: '# Map\n\nThe whimbrel was here.\n', title: 'The first map' }
    const next = { text: '# Map\n\nThe godwit came.\n', title: 'The second map' }
    const external_id = 'map'
    const { document_id = '' } = await ingest(old.text, { external_id, title: old.title, labels: ['chart'] })
    expect(await ingest(next.text, { external_id, title: next.title })).toMatchObject({
      outcome: 'updated',
      document_id,
    })
    expect(await read(document_id, 1)).toMatchObject({ title: old.title, content: old.text, version: 1 })
    expect(await read(document_id)).toMatchObject({ title: next.title, content: next.text, version: 2 })
    expect(await read(document_id)).toMatchObject({ labels: ['chart'], current_version: 2 })
    expect(await search('whimbrel first')).toEqual([])
    expect(await search('godwit')).toMatchObject([{ doc_id: document_id, document_version: 2 }])
    // Back again: a third version, since the second lies between.
    expect(await ingest(old.text, { external_id, title: old.title })).toMatchObject({ outcome: 'updated' })
    expect(await versionsOf(document_id)).toBe(3)
    expect(await search('whimbrel')).toMatchObject([{ doc_id: document_id, document_version: 3 }])
    expect(await faults()).toEqual([])
  })

  test('a passage that was quoted opens at its place after its version was replaced', async () => {
    const external_id = 'quoted'
    await ingest('# Log\n\nThe ruff was seen at dawn.\n', { external_id })
    const [quoted] = await search('ruff')
    await ingest('# Log\n\nNothing was seen, and it is told at greater length.\n', { external_id })
    const { doc_id: document_id, document_version: version, chunk_start: start, chunk_end: end } = quoted!
    expect(await ask('retrieve_document', { document_id, version, start, end })).toMatchObject({
      content: quoted?.content,
    })
  })
})

describe('update_document', () => {
  test('with labels, collection or metadata alone makes no version', async () => {
    const { document_id = '' } = await ingest('# Tern\n\nThe tern dives.\n', { external_id: 'tern' })
    for (const change of [{ labels: ['bird'] }, { collection: 'birds' }, { metadata: { wings: 2 } }]) {
      const updated = await ask('update_document', { document_id, ...change })
      expect(updated).toMatchObject({ status: 'updated', version: 1 })
      expect(await ask('update_document', { document_id, ...change })).toMatchObject({ status: 'unchanged' })
    }
    expect(await versionsOf(document_id)).toBe(1)
    expect(await read(document_id)).toMatchObject({
      labels: ['bird'],
      collection: 'birds',
      metadata: { wings: 2 },
    })
    expect(await search('tern', { labels: ['bird'], collections: ['birds'] })).toHaveLength(1)
  })

  test('with a title makes one, which is found by the new title and no more by the old', async () => {
    const text = '# Notes\n\nSomething small.\n'
    const { document_id = '' } = await ingest(text, { external_id: 'titled', title: 'Sandpiper' })
    expect(await search('sandpiper')).toMatchObject([{ doc_id: document_id }])
    const titled = await ask('update_document', { document_id, title: 'Turnstone' })
    expect(titled).toMatchObject({ status: 'updated', version: 2 })
    expect(await search('turnstone')).toMatchObject([{ doc_id: document_id, title: 'Turnstone' }])
    expect(await search('sandpiper')).toEqual([])
    expect(await read(document_id, 1)).toMatchObject({ title: 'Sandpiper', content: text })
    expect(await read(document_id)).toMatchObject({ content: text, file_type: 'markdown' })
    expect(await faults()).toEqual([])
  })

  test('with a file makes the next version and keeps the title, unless the document went meanwhile', async () => {
    const { document_id = '' } = await ingest('# A\n\nThe plover.\n', { external_id: 'fed', title: 'Kept' })
    expect(await ingest('# A\n\nThe lapwing.\n', { document_id })).toMatchObject({ outcome: 'updated' })
    expect(await search('lapwing')).toMatchObject([{ doc_id: document_id, title: 'Kept' }])
    const late = await bring('# A\n\nThe snipe.\n', { document_id })
    await ask('delete_document', { document_id })
    await run(late)
    expect(await endOf(late)).toMatchObject({ state: 'done', outcome: 'superseded' })
    expect(await search('snipe')).toEqual([])
    expect(await faults()).toEqual([])
  })
})

describe('of two files for one document', () => {
  test.each(['the first first', 'the second first', 'both at once'])(
    'the one that was brought later wins: %s',
    async order => {
      const external_id = `raced ${order}`
      await ask('add_document', { title: 'Before', content: 'The dunnock.', external_id })
      const first = await bring('# Early\n\nThe wren.\n', { external_id })
      const second = await bring('# Late\n\nThe robin.\n', { external_id })
      if (order === 'both at once') await Promise.all([run(first), run(second)])
      else for (const id of order === 'the first first' ? [first, second] : [second, first]) await run(id)
      const ends = [await endOf(first), await endOf(second)]
      expect(ends[1]).toMatchObject({ state: 'done', outcome: 'updated' })
      if (order === 'the second first') expect(ends[0]).toMatchObject({ outcome: 'superseded' })
      else expect(['updated', 'superseded']).toContain(ends[0]?.outcome)
      const { document_id = '' } = ends[1]!
      expect(ends[0]).toMatchObject({ state: 'done', document_id })
      expect(await read(document_id)).toMatchObject({ content: '# Late\n\nThe robin.\n' })
      expect(await search('robin')).toMatchObject([{ doc_id: document_id }])
      expect(await search('wren dunnock')).toEqual([])
      expect(await versionsOf(document_id)).toBe(ends[0]?.outcome === 'updated' ? 3 : 2)
      expect(await faults()).toEqual([])
      await ask('delete_document', { document_id })
    },
  )

  test('a file that waited does not replace a text that came after it', async () => {
    const external_id = 'overtaken'
    const waiting = await bring('# Old\n\nThe siskin.\n', { external_id })
    const text = { title: 'New', content: 'The linnet.', external_id }
    const { document_id } = await ask<{ document_id: string }>('add_document', text)
    await run(waiting)
    expect(await endOf(waiting)).toMatchObject({ outcome: 'superseded', document_id })
    expect(await search('siskin')).toEqual([])
    expect(await search('linnet')).toHaveLength(1)
    expect(await faults()).toEqual([])
  })
})

describe('while a large change goes in', () => {
  const SECTIONS = 900
  const textOf = (word: string, sections: number): string =>
    Array.from(
      { length: sections },
      (_, at) => `# Part ${at}\n\nThe ${word} and the heath number ${at}.\n`,
    ).join('\n')

  test('a search sees all of the old version or all of the new, with the statistics of one', async () => {
    const external_id = 'large'
    const { document_id = '' } = await ingest(textOf('bunting', SECTIONS), { external_id })
    await ask('add_document', { title: 'Beside it', content: 'A heath of its own.' })
    const change = await bring(textOf('wheatear', SECTIONS + 200), { external_id })
    let isRunning = true
    const running = run(change).finally(() => (isRunning = false))
    const seen: string[] = []
    while (isRunning || seen.length === 0) seen.push(await look(document_id))
    await running
    seen.push(await look(document_id))
    const states = seen.filter((state, at) => state !== seen[at - 1])
    expect(states).toHaveLength(2)
    expect(JSON.parse(states[0]!)).toMatchObject({ version: 1, terms: ['bunting', 'heath'] })
    expect(JSON.parse(states[1]!)).toMatchObject({ version: 2, terms: ['heath', 'wheatear'] })
    expect(seen.filter(state => state === states[0]).length).toBeGreaterThan(3)
    expect(await faults()).toEqual([])
  })

  /** What a search says of the document and of the one beside it, to the last digit of the scores. */
  async function look(documentId: string): Promise<string> {
    const answer = await ask<{ hits: SearchHit[]; searched: { terms: string[] } }>('search_documents', {
      query: 'bunting wheatear heath',
      limit: 50,
    })
    return JSON.stringify({
      version: answer.hits.find(({ doc_id }) => doc_id === documentId)?.document_version,
      terms: answer.searched.terms.toSorted(),
      scores: answer.hits.map(({ bm25_score }) => bm25_score),
    })
  }
})

test('count_vectors tells what waits for its vectors, of the current versions of the caller’s own documents', async () => {
  const own = await db.createTenant()
  const asOwn = callerOf(db.database, documentOperations, own)
  const add = (title: string) =>
    asOwn<{ document_id: string }>('add_document', { title, content: 'The whimbrel calls.' })
  const { document_id: first } = await add('First')
  const count = (documents: string[], by = asOwn) => by('count_vectors', { documents })
  expect(await count([first])).toEqual({ documents: [{ document_id: first, passages: 1, pending: 1 }] })
  await embedAll(db.database, own)
  const { document_id: second } = await add('Second')
  await db.asAdmin(`update app.pending_embedding set reason = 'budget_exceeded' where tenant_id = $1`, [own])
  expect(await count([first.toUpperCase(), second, first])).toEqual({
    documents: [
      { document_id: first, passages: 1, pending: 0 },
      { document_id: second, passages: 1, pending: 1, waits_for: 'budget_exceeded' },
    ],
  })
  expect(await count([first, second], ask)).toEqual({ documents: [] })
})

describe('a document that is deleted', () => {
  /** What tells that something was done, and counters, which may stand at 0. */
  const REMAINS = /^(index_version|audit|corpus_.*)$/

  /** How many rows of the tenant each table holds, as the administrator sees them, and which hold one of the words. */
  async function rowsOf(tenantId: string, words = 'nothing at all') {
    const tables = await db.asAdmin(`
      select c.table_name as name from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'app' and c.column_name = 'tenant_id' and t.table_type = 'BASE TABLE'`)
    const rows: Record<string, number> = {}
    const telling: string[] = []
    for (const table of tables.map(({ name }) => String(name))) {
      const [row] = await db.asAdmin(
        `select count(*)::int as rows, count(*) filter (where t::text ~* $2)::int as telling
        from app."${table}" t where tenant_id = $1`,
        [tenantId, words],
      )
      rows[table] = Number(row?.['rows'])
      if (Number(row?.['telling']) > 0) telling.push(table)
    }
    return { rows, telling }
  }

  test('leaves no text, file, passage, posting, vector or order behind, of any version', async () => {
    const erased = await db.createTenant()
    const asErased = callerOf(db.database, documentOperations, erased)
    const empty = await rowsOf(erased)
    const add = async (text: string): Promise<void> => {
      const { ingestion_id } = await asErased<{ ingestion_id: string }>('add_document', {
        data: Buffer.from(text).toString('base64'),
        name: 'secret.md',
        external_id: 'one',
        labels: ['a', 'b'],
        metadata: { year: 2020 },
      })
      await ingestions.run(erased, ingestion_id)
    }
    await add('# One\n\nThe corncrake calls.\n')
    await embedAll(db.database, erased)
    await add('# Two\n\nThe bittern booms.\n')
    const words = 'corncrake|bittern|calls|booms|secret'
    const full = await rowsOf(erased, words)
    expect(full.telling).toEqual(expect.arrayContaining(['chunk', 'posting', 'term_stat', 'version_text']))
    const grown = Object.keys(full.rows).filter(name => full.rows[name]! > empty.rows[name]!)
    const cleared = grown.filter(name => !REMAINS.test(name))
    expect(cleared).toEqual(
      expect.arrayContaining(['document_version', 'version_text', 'blob', 'blob_part', 'pending_embedding']),
    )
    const { documents } = await asErased<{ documents: { document_id: string }[] }>('list_documents', {})
    await asErased('delete_document', { document_id: documents[0]!.document_id })
    const left = await rowsOf(erased, words)
    expect(left.telling).toEqual([])
    for (const name of cleared) expect([name, left.rows[name]]).toEqual([name, empty.rows[name]])
    expect(await db.database.readAs({ tenantId: erased, subject: 'recount' }, indexFaults)).toEqual([])
  })

  test('however large it is, is found no more at once, and cleared by its job', async () => {
    const sections = Array.from({ length: 2_100 }, (_, at) => `# S ${at}\n\nThe dotterel.\n`).join('\n')
    const { document_id = '' } = await ingest(sections, { external_id: 'huge' })
    const [version] = await db.asAdmin('select current_version_id as id from app.document where id = $1', [
      document_id,
    ])
    const versionId = String(version?.['id'])
    await ask('delete_document', { document_id })
    expect(await search('dotterel')).toEqual([])
    const chunks = () => db.asAdmin('select id from app.chunk where version_id = $1', [versionId])
    expect((await chunks()).length).toBeGreaterThan(2_000)
    const doors = tenantDoors(db.database, { tenantId: tenant, subject: 'ingestion' })
    await clearVersion(doors.write, { tenant_id: tenant, version_id: versionId })
    expect(await chunks()).toEqual([])
    expect(await faults()).toEqual([])
  }, 120_000)

  test('leaves a file that another document was read from', async () => {
    const [file] = [await bring('# Both\n\nThe hobby.\n', { external_id: 'one of two' })]
    await run(file)
    const [row] = await db.asAdmin('select blob_id from app.ingestion where id = $1', [file])
    const second = await ask<{ ingestion_id: string }>('add_document', {
      blob_id: String(row?.['blob_id']),
      name: 'both.md',
    })
    await run(second.ingestion_id)
    const blob = () => db.asAdmin('select id from app.blob where id = $1', [String(row?.['blob_id'])])
    for (const [id, blobs] of [
      [file, 1],
      [second.ingestion_id, 0],
    ] as const) {
      await ask('delete_document', { document_id: (await endOf(id)).document_id })
      expect(await blob()).toHaveLength(blobs)
    }
  })
})

test('after all of it every version that is current is whole, and the statistics are exact', async () => {
  expect(await faults()).toEqual([])
  const orphans = await db.database.readAs({ tenantId: tenant, subject: 'recount' }, tx =>
    tx.all(sql`
      select t.version_id from app.version_text t
      where not exists (select from app.document_version v where v.id = t.version_id)`),
  )
  expect(orphans).toEqual([])
})
