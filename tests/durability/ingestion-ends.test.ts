// How ingestions end when something comes between: a run that never gets anywhere, a worker that stops, another that
// was quicker, a document that is deleted; and what becomes of the files that were brought.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runIngestion } from '../../src/features/documents/ingest/run-ingestion.ts'
import type { IngestDeps } from '../../src/features/documents/ingest/ingest-work.ts'
import { parserPool, type ParserPool } from '../../src/features/documents/parse/parser-pool.ts'
import { retryIngestion } from '../../src/features/documents/retry-ingestion.ts'
import { uploadBlob } from '../../src/features/documents/upload-blob.ts'
import { tenantDoors, type TenantDoors } from '../../src/platform/db/tenant-doors.ts'
import { fault } from '../../src/platform/faults.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { documentOperations } from '../harness/document-operations.ts'
import { indexFaults } from '../harness/index-faults.ts'
import { orderVectors } from '../harness/publish.ts'
import { refusalOf } from '../harness/refusal.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

const END = ['published', 'unchanged', 'superseded', 'failed']

let db: TestDatabase
let real: ParserPool
let tenant: string
let ask: Ask

beforeAll(async () => {
  db = await openTestDatabase()
  real = parserPool({ size: 2 })
})
afterAll(async () => {
  await real.close()
  await db.close()
})
/** A tenant of its own for each test: what it has is what the test left. */
beforeEach(async () => {
  tenant = await db.createTenant()
  ask = callerOf(
    db.database,
    [...documentOperations, uploadBlob({ maxFileBytes: 10_000_000 }), retryIngestion()],
    tenant,
  )
})

/** Runs an ingestion once, as a job would. */
function run(
  ingestionId: string,
  over: Partial<IngestDeps> = {},
  signal = new AbortController().signal,
): Promise<void> {
  const deps: IngestDeps = {
    doorsOf: (tenantId, subject) => tenantDoors(db.database, { tenantId, subject }),
    parser: real,
    fetchPublic: () => Promise.reject(new Error('nothing is fetched here')),
    maxFileBytes: 10_000_000,
    orderVectors,
    ...over,
  }
  return runIngestion(deps, { tenantId: tenant, ingestionId }, signal)
}

/** A parser that does `fn` instead of reading. */
const parserThat = (fn: ParserPool['parse']): Partial<IngestDeps> => ({
  parser: { parse: fn, close: () => Promise.resolve() },
})

interface Brought {
  readonly ingestion_id: string
}

async function bring(text: string, fields: Record<string, unknown> = {}): Promise<string> {
  const data = Buffer.from(text).toString('base64')
  const source = 'blob_id' in fields || 'url' in fields ? fields : { ...fields, data }
  return (await ask<Brought>('add_document', { name: 'file.txt', ...source })).ingestion_id
}

async function added(text: string, fields: Record<string, unknown> = {}): Promise<string> {
  const id = await bring(text, fields)
  await run(id)
  expect(await rowOf(id)).toMatchObject({ state: 'done', outcome: 'added' })
  return String((await rowOf(id))!['document_id'])
}

const upload = async (text: string): Promise<string> =>
  (
    await ask<{ blob_id: string }>('upload_blob', {
      data: Buffer.from(text).toString('base64'),
      is_last: true,
    })
  ).blob_id

async function rowOf(ingestionId: string): Promise<Record<string, unknown> | undefined> {
  const [row] = await db.asAdmin('select * from app.ingestion where id = $1', [ingestionId])
  return row
}

async function endsOf(ingestionId: string): Promise<{ kind: string; data: Record<string, unknown> }[]> {
  const events = await db.asAdmin(
    'select kind, data from app.journal_event where stream_id = $1 and kind = any($2::text[]) order by sequence',
    [ingestionId, `{${END.join(',')}}`],
  )
  return events.map(({ kind, data }) => ({ kind: String(kind), data: data as Record<string, unknown> }))
}

async function blob(id: string): Promise<Record<string, unknown> | undefined> {
  const [row] = await db.asAdmin('select kept from app.blob where id = $1', [id])
  return row
}

const faults = (): Promise<string[]> =>
  db.database.readAs({ tenantId: tenant, subject: 'recount' }, indexFaults)
const hits = async (query: string): Promise<unknown[]> =>
  (await ask<{ hits: unknown[] }>('search_documents', { query })).hits

/** All that the tenant has of what ingestions write, row by row. */
async function everything(): Promise<unknown[]> {
  const tables = [
    'ingestion',
    'journal_event',
    'journal_step',
    'document',
    'document_version',
    'version_text',
  ]
  const more = ['chunk', 'posting', 'hidden_version', 'blob']
  const all: unknown[] = []
  for (const table of [...tables, ...more])
    all.push(await db.asAdmin(`select t::text from app.${table} t where tenant_id = $1 order by 1`, [tenant]))
  return all
}

describe('a file that was begun again and again', () => {
  const beganAlready = (id: string, times: number): Promise<unknown> =>
    db.asAdmin('update app.journal_stream set epoch = $2 where id = $1', [id, String(times)])

  test('fails as gave_up after thirty times, without being read again', async () => {
    const id = await bring('The auk.')
    await beganAlready(id, 30)
    await run(
      id,
      parserThat(() => Promise.reject(new Error('it is read'))),
    )
    expect(await rowOf(id)).toMatchObject({ state: 'failed', fault: { code: 'internal', reason: 'gave_up' } })
    expect(await endsOf(id)).toMatchObject([{ kind: 'failed', data: { reason: 'gave_up', retryable: true } }])
    expect(await hits('auk')).toEqual([])
  })

  test('may go in the thirtieth time still', async () => {
    const id = await bring('The auklet.')
    await beganAlready(id, 29)
    await run(id)
    expect(await rowOf(id)).toMatchObject({ state: 'done', outcome: 'added' })
  })

  test.each([
    [1, 'running'],
    [28, 'running'],
    [29, 'failed'],
  ])('when what went wrong may pass, after %i times before: %s', async (times, state) => {
    const id = await bring('The murre.')
    await beganAlready(id, times)
    const refusal = await refusalOf(
      run(
        id,
        parserThat(() => Promise.reject(new Error('boom'))),
      ),
    )
    expect(refusal?.code).toBe(state === 'running' ? 'internal' : undefined)
    expect(await rowOf(id)).toMatchObject({ state })
    expect(await endsOf(id)).toHaveLength(state === 'running' ? 0 : 1)
  })
})

describe('a worker that stops', () => {
  test.each(['cancelled', 'something else, since it stops'])(
    'leaves the file running, whatever it ends with, and the next run finishes it: %s',
    async ending => {
      const id = await bring('The puffin.')
      // As late as it could be: no more runs would be given to a failure that may pass.
      await db.asAdmin('update app.journal_stream set epoch = 28 where id = $1', [id])
      const stop = new AbortController()
      const stopping = parserThat((source, options) => {
        stop.abort()
        return ending === 'cancelled' ? real.parse(source, options) : Promise.reject(new Error('boom'))
      })
      expect(await refusalOf(run(id, stopping, stop.signal))).toMatchObject({ code: 'cancelled' })
      expect(await rowOf(id)).toMatchObject({ state: 'running', fault: null })
      expect(await endsOf(id)).toEqual([])
      await run(id)
      expect(await rowOf(id)).toMatchObject({ state: 'done', outcome: 'added' })
      expect(await endsOf(id)).toMatchObject([{ kind: 'published' }])
      expect(await hits('puffin')).toHaveLength(1)
    },
  )
})

describe('an ingestion that another holder ended first', () => {
  test('between the look at it and the takeover, is not written again and has one end', async () => {
    const id = await bring('The fulmar.')
    const before: unknown[] = []
    let reads = 0
    const doorsOf = (tenantId: string, subject: string): TenantDoors => {
      const doors = tenantDoors(db.database, { tenantId, subject })
      return {
        ...doors,
        read: async fn => {
          const result = await doors.read(fn)
          if (reads++ === 0) {
            await run(id)
            before.push(...(await everything()))
          }
          return result
        },
      }
    }
    await run(id, { doorsOf })
    expect(before).not.toEqual([])
    expect(await everything()).toEqual(before)
    expect(await rowOf(id)).toMatchObject({ state: 'done', outcome: 'added' })
    expect(await endsOf(id)).toHaveLength(1)
  })

  test('because its document was deleted while it was read, ends as superseded and does not bring it back', async () => {
    const external_id = 'deleted amid'
    const document_id = await added('The shag.', { external_id })
    const id = await bring('The later shag.', { external_id })
    let before: unknown[] = []
    await run(
      id,
      parserThat(async (source, options) => {
        const parsed = await real.parse(source, options)
        await ask('delete_document', { document_id })
        before = await everything()
        return parsed
      }),
    )
    expect(await rowOf(id)).toMatchObject({ state: 'done', outcome: 'superseded' })
    expect(await endsOf(id)).toMatchObject([{ kind: 'superseded' }])
    expect(await everything()).toEqual(before)
    expect(await hits('shag')).toEqual([])
    expect(await faults()).toEqual([])
  })
})

describe('a document that is deleted', () => {
  test.each(['by its external_id', 'by its id'])(
    'takes the file that waits for it with it, as superseded: %s',
    async by => {
      const external_id = 'waited for'
      const document_id = await added('The gannet.', { external_id })
      const data = Buffer.from('The gannet again.').toString('base64')
      const id =
        by === 'by its id'
          ? (await ask<Brought>('update_document', { document_id, data, name: 'file.txt' })).ingestion_id
          : await bring('The gannet again.', { external_id })
      const other = await bring('The booby.', { external_id: 'another' })
      await ask('delete_document', { document_id })
      expect(await rowOf(id)).toMatchObject({ state: 'done', outcome: 'superseded' })
      expect(await endsOf(id)).toMatchObject([{ kind: 'superseded' }])
      expect((await blob(String((await rowOf(id))!['blob_id'])))?.['kept'] ?? false).toBe(false)
      await run(id)
      expect(await hits('gannet')).toEqual([])
      expect(await endsOf(id)).toHaveLength(1)
      // What is brought afterwards is another document, and what was brought for another is left alone.
      await run(other)
      expect(await rowOf(other)).toMatchObject({ state: 'done', outcome: 'added' })
      await added('The gannet is back.', { external_id })
      expect(await hits('gannet')).toHaveLength(1)
      expect(await faults()).toEqual([])
    },
  )

  test('leaves its name in no ingestion that ended, nor in their journals', async () => {
    const external_id = 'Skua 4711'
    const fields = {
      external_id,
      title: 'Skua 4711',
      name: 'Skua 4711.txt',
      metadata: { matter: 'Skua 4711' },
    }
    const document_id = await added('The text of Skua 4711.', fields)
    await run(await bring('The text of Skua 4711.', fields))
    const data = Buffer.from('The new text of Skua 4711.').toString('base64')
    const updated = await ask<Brought>('update_document', { document_id, data, name: 'Skua 4711.txt' })
    await run(updated.ingestion_id)
    const named = async (): Promise<string[]> => {
      const places: string[] = []
      for (const table of ['ingestion', 'journal_event', 'journal_step']) {
        const rows = await db.asAdmin(
          `select t::text from app.${table} t where tenant_id = $1 and t::text like '%Skua 4711%'`,
          [tenant],
        )
        places.push(...rows.map(() => table))
      }
      return [...new Set(places)]
    }
    expect(await named()).toEqual(['ingestion', 'journal_event', 'journal_step'])
    await ask('delete_document', { document_id })
    expect(await named()).toEqual([])
  })
})

describe('the file of an upload', () => {
  test('stays while another ingestion waits for it, which goes in, and goes with the last document', async () => {
    const blob_id = await upload('The petrel.')
    const first = await added('', { blob_id, title: 'One' })
    const waiting = await bring('', { blob_id, title: 'Two' })
    await ask('delete_document', { document_id: first })
    expect(await blob(blob_id)).toEqual({ kept: true })
    await run(waiting)
    expect(await rowOf(waiting)).toMatchObject({ state: 'done', outcome: 'added' })
    expect(await hits('petrel')).toHaveLength(1)
    await ask('delete_document', { document_id: String((await rowOf(waiting))!['document_id']) })
    expect(await blob(blob_id)).toBeUndefined()
  })

  test('is kept for whoever still waits for it when another ingestion of it fails, and let go by the last', async () => {
    const blob_id = await upload('%PDF-1.4 broken')
    const ids = [await bring('', { blob_id, name: 'a.pdf' }), await bring('', { blob_id, name: 'b.pdf' })]
    for (const [at, id] of ids.entries()) {
      await run(id)
      expect(await rowOf(id)).toMatchObject({ state: 'failed' })
      expect(await blob(blob_id)).toEqual({ kept: at === 0 })
    }
  })

  test('is let go when all ingestions of it fail at once', async () => {
    for (let round = 0; round < 5; round++) {
      const blob_id = await upload(`%PDF-1.4 broken ${round}`)
      const ids = [await bring('', { blob_id, name: 'a.pdf' }), await bring('', { blob_id, name: 'b.pdf' })]
      const both = meeting(ids.length)
      const refusing = parserThat(async () => {
        await both()
        throw fault('invalid_input', { reason: 'damaged', say: 'It is broken.' })
      })
      await Promise.all(ids.map(id => run(id, refusing)))
      for (const id of ids) expect(await rowOf(id)).toMatchObject({ state: 'failed' })
      expect(await blob(blob_id)).toEqual({ kept: false })
    }
  })

  /** Whoever comes waits until all have come. */
  function meeting(of: number): () => Promise<void> {
    const all = Promise.withResolvers<void>()
    let here = 0
    return () => {
      if (++here === of) all.resolve()
      return all.promise
    }
  }
})

test('the file that was fetched for an ingestion that failed is let go', async () => {
  const id = await bring('', { url: 'https://files.example/broken.pdf' })
  async function* body(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from('%PDF-1.4 broken'))
  }
  const file = { mediaType: 'application/pdf', name: 'broken.pdf', body: body() }
  await run(id, { fetchPublic: () => Promise.resolve(file) })
  const row = await rowOf(id)
  expect(row).toMatchObject({ state: 'failed' })
  expect(await blob(String(row?.['blob_id']))).toEqual({ kept: false })
  const kept = await db.asAdmin('select id from app.blob where tenant_id = $1 and kept', [tenant])
  expect(kept).toEqual([])
})

describe('retry_ingestion', () => {
  const retry = async (ingestion_id: string): Promise<string> =>
    (await ask<Brought>('retry_ingestion', { ingestion_id })).ingestion_id

  test.each(['one after the other', 'at once'])(
    'asked twice answers with the same new ingestion and starts one: %s',
    async order => {
      const failed = await bring('%PDF-1.4 broken', { name: 'a.pdf' })
      await run(failed)
      expect(await rowOf(failed)).toMatchObject({ state: 'failed' })
      const [first, second] =
        order === 'at once'
          ? await Promise.all([retry(failed), retry(failed)])
          : [await retry(failed), await retry(failed)]
      expect(second).toBe(first)
      expect(first).not.toBe(failed)
      const all = await db.asAdmin('select id from app.ingestion where tenant_id = $1 order by id', [tenant])
      expect(all.map(({ id }) => id)).toEqual([failed, first])
      const jobs = await db.asAdmin(`select id from pgboss.job where data ->> 'ingestionId' = $1`, [first])
      expect(jobs).toHaveLength(1)
      expect(await blob(String((await rowOf(first))!['blob_id']))).toEqual({ kept: true })
      await run(first)
      // The new one may fail again, and is tried again as itself.
      expect(await retry(first)).not.toBe(first)
      expect(await retry(failed)).toBe(first)
    },
  )
})
