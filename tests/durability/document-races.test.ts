// Writers of one document at the same time: texts, titles, labels and files. Nobody is told that the document is not
// there, no version goes in without its text, and nothing that was brought is lost to something that was brought before.
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { runIngestion } from '../../src/features/documents/ingest/run-ingestion.ts'
import { parserPool, type ParserPool } from '../../src/features/documents/parse/parser-pool.ts'
import { withdrawDocument } from '../../src/features/documents/versions/withdraw-document.ts'
import type { Writer } from '../../src/platform/db/database.ts'
import { tenantDoors, type TenantDoors } from '../../src/platform/db/tenant-doors.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import {
  documentOperations,
  ingestionRunner,
  type IngestionRunner,
  type SearchHit,
} from '../harness/document-operations.ts'
import { indexFaults } from '../harness/index-faults.ts'
import { orderVectors, publishIn } from '../harness/publish.ts'
import { refusalOf } from '../harness/refusal.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

/** The embedded engine has one connection: nobody waits for anybody there. */
const onServer = inject('engine') === 'postgres'

let db: TestDatabase
let parser: ParserPool
let ingestions: IngestionRunner
let tenant: string
let ask: Ask

beforeAll(async () => {
  db = await openTestDatabase()
  parser = parserPool({ size: 2 })
  ingestions = ingestionRunner(db.database, parser)
  tenant = await db.createTenant()
  ask = callerOf(db.database, documentOperations, tenant)
})
afterAll(async () => {
  await parser.close()
  await db.close()
})

interface Answer {
  readonly status: string
  readonly document_id: string
  readonly version: number
}

const scope = () => ({ tenantId: tenant, subject: 'tests' })
const faults = (): Promise<string[]> => db.database.readAs(scope(), indexFaults)
const read = (document_id: string): Promise<Record<string, unknown>> =>
  ask('retrieve_document', { document_id })
const search = async (query: string): Promise<SearchHit[]> =>
  (await ask<{ hits: SearchHit[] }>('search_documents', { query })).hits
const run = (ingestionId: string): Promise<void> => ingestions.run(tenant, ingestionId)

async function add(content: string, external_id?: string): Promise<string> {
  const given = { title: 'Before', content, ...(external_id === undefined ? {} : { external_id }) }
  return (await ask<Answer>('add_document', given)).document_id
}

const update = (document_id: string, change: object): Promise<Answer> =>
  ask('update_document', { document_id, ...change })

/** Brings a text as a file, and leaves it waiting. */
async function bring(text: string, fields: Record<string, unknown>): Promise<string> {
  const data = Buffer.from(text).toString('base64')
  const tool = 'document_id' in fields ? 'update_document' : 'add_document'
  return (await ask<{ ingestion_id: string }>(tool, { data, name: 'file.txt', ...fields })).ingestion_id
}

async function endOf(ingestionId: string): Promise<Record<string, unknown>> {
  const [row] = await db.asAdmin('select state, outcome, fault from app.ingestion where id = $1', [
    ingestionId,
  ])
  return row!
}

async function documentOf(ingestionId: string): Promise<string> {
  const [row] = await db.asAdmin('select document_id from app.ingestion where id = $1', [ingestionId])
  return String(row?.['document_id'])
}

/** Runs `fn` in a transaction that stays open until somebody waits for it, and commits it then; both answers. */
async function whileOpen<A, B>(
  fn: (tx: Writer) => Promise<A>,
  meanwhile: () => Promise<B>,
): Promise<{ readonly first: A; readonly second: B }> {
  const done = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const first = db.database.writeAs(scope(), async tx => {
    const result = await fn(tx)
    done.resolve()
    await released.promise
    return result
  })
  await Promise.race([done.promise, first])
  let isOver = false
  const second = meanwhile().finally(() => (isOver = true))
  second.catch(() => undefined)
  while (!isOver && !(await somebodyWaits())) await wait(20)
  released.resolve()
  return { first: await first, second: await second }
}

async function somebodyWaits(): Promise<boolean> {
  const waiting = await db.asAdmin(
    `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return waiting.length > 0
}

describe('of two updates of one document at once', () => {
  test.runIf(onServer)('both succeed, and the later one stays', async () => {
    const id = await add('The avocet.')
    const { first, second } = await whileOpen(
      tx => publishIn(tx, tenant, { title: 'Before', content: 'The first avocet.' }, id),
      () => update(id, { content: 'The second avocet.' }),
    )
    expect(first).toMatchObject({ outcome: 'updated', version: 2 })
    expect(second).toMatchObject({ status: 'updated', version: 3 })
    expect(await read(id)).toMatchObject({ content: 'The second avocet.', version: 3 })
    expect(await faults()).toEqual([])
  })

  test.runIf(onServer)('a new text and new labels are both there', async () => {
    const id = await add('The brambling.')
    const { second } = await whileOpen(
      tx => publishIn(tx, tenant, { title: 'Before', content: 'The brambling came back.' }, id),
      () => update(id, { labels: ['finch'] }),
    )
    expect(second).toMatchObject({ status: 'updated', version: 2 })
    expect(await read(id)).toMatchObject({
      content: 'The brambling came back.',
      labels: ['finch'],
      version: 2,
    })
    expect(await search('brambling')).toMatchObject([{ doc_id: id, document_version: 2 }])
    expect(await faults()).toEqual([])
  })

  test.runIf(onServer)(
    'a new title is cut from the text that came before it, not from the one it replaced',
    async () => {
      const id = await add('The cirl.')
      const { second } = await whileOpen(
        tx => publishIn(tx, tenant, { title: 'Before', content: 'The cirl came back.' }, id),
        () => update(id, { title: 'After' }),
      )
      expect(second).toMatchObject({ status: 'updated', version: 3 })
      expect(await read(id)).toMatchObject({ title: 'After', content: 'The cirl came back.', version: 3 })
      expect(await faults()).toEqual([])
    },
  )

  test.runIf(onServer)(
    'a file that is ready while another text goes in gives way to the later one',
    async () => {
      const id = await add('The fieldfare.')
      const file = await bring('The fieldfare of the file.', { document_id: id })
      const { first } = await whileOpen(
        tx => publishIn(tx, tenant, { title: 'Before', content: 'The later fieldfare.' }, id),
        () => run(file),
      )
      expect(first).toMatchObject({ outcome: 'updated', version: 2 })
      expect(await endOf(file)).toMatchObject({ state: 'done', outcome: 'superseded' })
      expect(await read(id)).toMatchObject({ content: 'The later fieldfare.', version: 2 })
      expect(await faults()).toEqual([])
    },
  )
})

test.runIf(onServer)('two documents of one upload, deleted at once, leave no file', async () => {
  const file = await bring('The ibis.', { title: 'One' })
  const [row] = await db.asAdmin('select blob_id from app.ingestion where id = $1', [file])
  const blobId = String(row?.['blob_id'])
  const again = { blob_id: blobId, title: 'Two', name: 'two.txt' }
  const other = (await ask<{ ingestion_id: string }>('add_document', again)).ingestion_id
  for (const id of [file, other]) await run(id)
  const [first, second] = [await documentOf(file), await documentOf(other)]
  const deleted = await whileOpen(
    tx => withdrawDocument(tx, { tenant_id: tenant, document_id: first }),
    () => ask('delete_document', { document_id: second }),
  )
  expect(deleted).toMatchObject({ first: true, second: { deleted: true } })
  expect(await db.asAdmin('select id from app.blob where id = $1', [blobId])).toEqual([])
  expect(await faults()).toEqual([])
})

/** As the queue does: what may pass is tried again. */
async function runAgain(ingestionId: string): Promise<void> {
  for (;;) {
    const refused = await run(ingestionId).catch((error: unknown) => error)
    if (refused === undefined) return
    expect(refused).toMatchObject({ reason: 'document_changed' })
  }
}

test('thirty writers of one document are all answered, and no version is without its text', async () => {
  const id = await add('Heron number 0.')
  const writer = async (at: number): Promise<unknown> => {
    if (at % 5 === 0) return (await update(id, { title: `Title ${at}` })).status
    if (at % 5 === 1) return (await update(id, { labels: [`label-${at}`] })).status
    if (at % 5 === 2) {
      const file = await bring(`Heron of the file ${at}.`, { document_id: id })
      await runAgain(file)
      return (await endOf(file))['outcome']
    }
    return (await update(id, { content: `Heron number ${at}.` })).status
  }
  let isRunning = true
  const writers = Promise.all(Array.from({ length: 30 }, (_, at) => writer(at))).finally(
    () => (isRunning = false),
  )
  const seen: unknown[] = []
  while (isRunning) seen.push((await read(id))['content'])
  const answers = await writers
  for (const answer of answers) expect(['updated', 'unchanged', 'superseded']).toContain(answer)
  expect(seen.filter(content => !/^Heron .*\d\.$/.test(String(content)))).toEqual([])
  const versions = await db.asAdmin(
    `select v.version, v.characters, coalesce(sum(length(t.content)), 0)::int as stored
    from app.document_version v
    left join app.version_text t on t.tenant_id = v.tenant_id and t.version_id = v.id
    where v.document_id = $1 group by v.version, v.characters order by v.version`,
    [id],
  )
  expect(versions.length).toBeGreaterThan(5)
  expect(versions.map(({ version }) => version)).toEqual(versions.map((_, at) => at + 1))
  for (const { characters, stored } of versions) expect(stored).toBe(characters)
  expect(await search('heron')).toMatchObject([{ doc_id: id, document_version: versions.length }])
  expect(await faults()).toEqual([])
}, 40_000)

describe('a title that changes while a file waits', () => {
  test.each(['document_id', 'external_id'])('neither keeps the file out nor is lost: %s', async by => {
    const external_id = `amended by ${by}`
    const id = await add('The old goshawk.', external_id)
    const file = await bring(
      'The goshawk of the file.',
      by === 'document_id' ? { document_id: id } : { external_id, title: 'After' },
    )
    expect(await update(id, { title: 'After' })).toMatchObject({ status: 'updated', version: 2 })
    await run(file)
    expect(await endOf(file)).toMatchObject({ state: 'done', outcome: 'updated' })
    expect(await read(id)).toMatchObject({ title: 'After', content: 'The goshawk of the file.', version: 3 })
    expect(await faults()).toEqual([])
    await ask('delete_document', { document_id: id })
  })

  test('does not make an older file win over the text', async () => {
    const external_id = 'amended and overtaken'
    const file = await bring('The old harrier.', { external_id })
    const id = await add('The harrier.', external_id)
    await update(id, { title: 'After' })
    await run(file)
    expect(await endOf(file)).toMatchObject({ state: 'done', outcome: 'superseded' })
    expect(await read(id)).toMatchObject({ title: 'After', content: 'The harrier.' })
  })
})

describe('a file with the current text, while another version is published in between', () => {
  test('is tried again, and found', async () => {
    const external_id = 'between'
    const fields = { external_id, title: 'Before' }
    const id = await add('The jackdaw is a bird of old.', external_id)
    const older = await bring('The kite is another bird.', fields)
    const file = await bring('The jackdaw is a bird of old.', fields)
    const first = refusalOf(runCompared(file, () => run(older)))
    expect(await first).toMatchObject({ code: 'unavailable', reason: 'document_changed' })
    expect(await endOf(older)).toMatchObject({ state: 'done', outcome: 'updated' })
    expect(await endOf(file)).toMatchObject({ state: 'running' })
    expect(await read(id)).toMatchObject({ content: 'The kite is another bird.', version: 2 })
    await run(file)
    expect(await endOf(file)).toMatchObject({ state: 'done', outcome: 'updated' })
    expect(await read(id)).toMatchObject({ content: 'The jackdaw is a bird of old.', version: 3 })
    expect(await search('jackdaw')).toMatchObject([{ doc_id: id, document_version: 3 }])
    expect(await search('kite')).toEqual([])
    expect(await faults()).toEqual([])
  })

  test('a title and a language that come while its passages go in are kept, and all passages know them', async () => {
    const id = await add('The old lapwing.')
    const long = Array.from(
      { length: 260 },
      (_, at) => `Part ${at}. ${'The lapwing calls again. '.repeat(50)}`,
    )
    const file = await bring(long.join('\n\n'), { document_id: id })
    const renamed = { title: 'Vanellus', language: 'german' }
    const first = refusalOf(runCompared(file, async () => void (await update(id, renamed))))
    expect(await first).toMatchObject({ code: 'unavailable', reason: 'document_changed' })
    await run(file)
    expect(await endOf(file)).toMatchObject({ state: 'done', outcome: 'updated' })
    expect(await read(id)).toMatchObject({ ...renamed, version: 3 })
    const titled = await db.asAdmin(
      `select count(*)::int as chunks, count(p.term)::int as titled
       from app.chunk c left join app.posting p on p.chunk_id = c.id and p.term = 'vanellus'
       where c.tenant_id = $1 and c.version_id = (select current_version_id from app.document where id = $2)`,
      [tenant, id],
    )
    expect(titled[0]?.['chunks']).toBeGreaterThan(200)
    expect(titled[0]?.['titled']).toBe(titled[0]?.['chunks'])
    expect(await faults()).toEqual([])
  })

  /** Runs the ingestion; once its text was compared with the current one, `between` happens before it goes on. */
  async function runCompared(ingestionId: string, between: () => Promise<void>): Promise<void> {
    let happened = false
    const doorsOf = (tenantId: string, subject: string): TenantDoors => {
      const doors = tenantDoors(db.database, { tenantId, subject })
      return {
        ...doors,
        read: async fn => {
          const wasParsed = await isParsed(ingestionId)
          const result = await doors.read(fn)
          if (wasParsed && !happened) {
            happened = true
            await between()
          }
          return result
        },
      }
    }
    const fetchPublic = (): Promise<never> => Promise.reject(new Error('nothing is fetched here'))
    const deps = { doorsOf, parser, fetchPublic, maxFileBytes: 10_000_000, orderVectors }
    const { signal } = new AbortController()
    await runIngestion(deps, { tenantId: tenant, ingestionId }, signal).finally(() =>
      expect(happened).toBe(true),
    )
  }

  async function isParsed(ingestionId: string): Promise<boolean> {
    const steps = await db.asAdmin(
      `select name from app.journal_step where stream_id = $1 and name = 'parse'`,
      [ingestionId],
    )
    return steps.length > 0
  }
})
