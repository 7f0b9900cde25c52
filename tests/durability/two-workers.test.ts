// Several workers on one queue: each file goes in once, whichever takes it; one that is stopped gives its files back;
// one that slept through its own replacement writes nothing any more.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { parserPool, type ParserPool } from '../../src/features/documents/parse/parser-pool.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { siblingFile } from '../../src/platform/sibling-file.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { documentOperations, ingestionRunner } from '../harness/document-operations.ts'
import { indexFaults } from '../harness/index-faults.ts'
import type { IngestWorkerOrder } from '../harness/ingest-worker.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

/** The embedded engine lives and dies with its one process. */
const onServer = inject('engine') === 'postgres'

let db: TestDatabase
let tenant: string
let ask: Ask

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

interface Worker {
  readonly process: ChildProcess
  /** Names of the files it has begun to read, in order. */
  readonly begun: string[]
  readonly ended: Promise<number | null>
}
const started: Worker[] = []
afterEach(async () => {
  for (const { process: child } of started) child.kill('SIGKILL')
  await Promise.all(started.splice(0).map(({ ended }) => ended))
})

/** A worker process, once it takes jobs. */
async function startWorker(hangs = false): Promise<Worker> {
  const script = siblingFile(import.meta.url, '../harness/ingest-worker.ts').pathname
  const order: IngestWorkerOrder = { urls: db.urls!, sealKey: inject('template').sealKey, hangs }
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const begun: string[] = []
  let line = ''
  let isReady = false
  child.stdout.on('data', (bytes: Buffer) => {
    const lines = (line + bytes.toString()).split('\n')
    line = lines.pop() ?? ''
    isReady ||= lines.includes('ready')
    begun.push(...lines.filter(name => name !== 'ready'))
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const worker = { process: child, begun, ended }
  started.push(worker)
  await until('a worker is ready', () => isReady)
  return worker
}

async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const before = Date.now()
  while (!(await isTrue())) {
    if (Date.now() - before > 40_000) {
      const jobs = await db.asAdmin(
        `select state, retry_count, start_after from pgboss.job where name = 'ingest_file'`,
      )
      const begun = started.map(worker => worker.begun.length)
      throw new Error(
        `waited in vain until ${what}: ${JSON.stringify({ begun, jobs, now: new Date() }, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))}`,
      )
    }
    await wait(50)
  }
}

/** A tenant of its own for each test. */
async function newTenant(): Promise<void> {
  tenant = await db.createTenant()
  ask = callerOf(db.database, documentOperations, tenant)
}

async function bring(name: string, content: string): Promise<string> {
  const data = Buffer.from(content).toString('base64')
  const { ingestion_id } = await ask<{ ingestion_id: string }>('add_document', {
    data,
    name,
    external_id: name,
  })
  return ingestion_id
}

interface Run {
  readonly name: string
  readonly state: string
  readonly epoch: number
  readonly ends: number
}

/** How each ingestion of the tenant stands, and how many ends its journal holds. */
const runs = (): Promise<Run[]> =>
  db.database.readAs({ tenantId: tenant, subject: 'look' }, tx =>
    tx.all(sql<Run>`
      select i.request ->> 'name' as name, i.state, s.epoch,
        (select count(*)::int from app.journal_event e
          where e.tenant_id = i.tenant_id and e.stream_id = i.id
            and e.kind in ('published', 'unchanged', 'superseded', 'failed')) as ends
      from app.ingestion i join app.journal_stream s on s.tenant_id = i.tenant_id and s.id = i.id
      where i.tenant_id = ${tenant} order by i.id`),
  )
const faults = () => db.database.readAs({ tenantId: tenant, subject: 'recount' }, indexFaults)
const jobStates = async (ingestionId: string) =>
  (await db.asAdmin(`select state from pgboss.job where data ->> 'ingestionId' = $1`, [ingestionId])).map(
    ({ state }) => state,
  )

test.runIf(onServer)(
  'forty files of four tenants and two workers: each file is read once and goes in once, and both had some',
  async () => {
    const workers = await Promise.all([startWorker(), startWorker()])
    const tenants: string[] = []
    // Of each a few files, so that the tenants' shares together are more than one worker has places for.
    for (let at = 0; at < 4; at++) {
      await newTenant()
      tenants.push(tenant)
    }
    const names = Array.from({ length: 40 }, (_, at) => `file-${at}.md`)
    await Promise.all(
      names.map((name, at) => {
        ask = callerOf(db.database, documentOperations, tenants[at % 4]!)
        return bring(name, `# File ${at}\n\nThe sanderling and word${at}.\n`)
      }),
    )
    for (const id of tenants) {
      tenant = id
      await until('all is done', async () => (await runs()).every(({ state }) => state === 'done'))
      expect((await runs()).map(({ epoch, ends }) => ({ epoch, ends }))).toEqual(
        Array.from({ length: 10 }, () => ({ epoch: 1, ends: 1 })),
      )
      expect(await faults()).toEqual([])
      ask = callerOf(db.database, documentOperations, id)
      const { hits } = await ask<{ hits: unknown[] }>('search_documents', { query: 'sanderling', limit: 50 })
      expect(hits).toHaveLength(10)
    }
    for (const { process: child } of workers) child.kill('SIGTERM')
    expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0])
    expect(workers.flatMap(({ begun }) => begun).toSorted()).toEqual(names.toSorted())
    expect(Math.min(...workers.map(({ begun }) => begun.length))).toBeGreaterThan(0)
  },
  90_000,
)

test.runIf(onServer)(
  'a worker that is stopped gives its files back, failed in nobody’s eyes, and another brings them in',
  async () => {
    await newTenant()
    const hanging = await startWorker(true)
    const ids = [
      await bring('given-back.md', '# Back\n\nThe knot.\n'),
      await bring('too.md', '# Too\n\nThe smew.\n'),
    ]
    await until('both files are begun', () => hanging.begun.length === 2)
    hanging.process.kill('SIGTERM')
    expect(await hanging.ended).toBe(0)
    for (const id of ids) expect(await jobStates(id)).toEqual(['retry'])
    expect((await runs()).map(({ state, ends }) => ({ state, ends }))).toEqual(
      ids.map(() => ({ state: 'running', ends: 0 })),
    )
    await startWorker()
    await until('all is done', async () => (await runs()).every(({ state }) => state === 'done'))
    expect((await runs()).map(({ epoch, ends }) => ({ epoch, ends }))).toEqual(
      ids.map(() => ({ epoch: 2, ends: 1 })),
    )
    expect(await ask('search_documents', { query: 'knot' })).toMatchObject({
      hits: [{ title: 'given-back' }],
    })
    expect(await faults()).toEqual([])
  },
  90_000,
)

describe('a worker that was replaced while it slept', () => {
  /** Reads as ever, but for the first file it stops at `place` until it is woken. */
  function sleeper(real: ParserPool, place: 'before' | 'amid' | 'after') {
    const asleep = Promise.withResolvers<void>()
    const woken = Promise.withResolvers<void>()
    const sleep = (): Promise<void> => {
      asleep.resolve()
      return woken.promise
    }
    const parser: ParserPool = {
      close: () => Promise.resolve(),
      parse: async (source, options) => {
        if (place === 'before') await sleep()
        const parsed = await real.parse(source, {
          ...options,
          onText: async piece => {
            if (place === 'amid') await sleep()
            await options.onText(piece)
          },
        })
        if (place === 'after') await sleep()
        return parsed
      },
    }
    return { parser, asleep: asleep.promise, wake: () => woken.resolve() }
  }

  /** All that the tenant has, row by row, but for when a read was noted. */
  async function everything(but?: string): Promise<unknown[]> {
    const tables = [
      'ingestion',
      'document',
      'document_version',
      'version_text',
      'chunk',
      'posting',
      'term_stat',
    ]
    const more = ['corpus_stat', 'hidden_version', 'blob', 'journal_stream', 'journal_event', 'journal_step']
    const all: unknown[] = []
    for (const table of [...tables, ...more].filter(name => name !== but))
      all.push(
        await db.asAdmin(`select t::text from app.${table} t where tenant_id = $1 order by 1`, [tenant]),
      )
    return all
  }

  test.each(['before', 'amid', 'after'] as const)(
    '%s it read its file, writes nothing when it wakes',
    async place => {
      await newTenant()
      const real = parserPool({ size: 2 })
      const zombie = sleeper(real, place)
      const id = await bring('contested.md', '# Contested\n\nThe shoveler.\n')
      const late = ingestionRunner(db.database, zombie.parser).run(tenant, id)
      await zombie.asleep
      await ingestionRunner(db.database, real).run(tenant, id)
      const before = await everything()
      expect(await runs()).toMatchObject([{ state: 'done', epoch: 2, ends: 1 }])
      zombie.wake()
      // It leaves quietly: its job is over, and there is nothing to try again.
      await late
      expect(await everything()).toEqual(before)
      expect(await ask('search_documents', { query: 'shoveler' })).toMatchObject({
        hits: [{ title: 'contested' }],
      })
      expect(await faults()).toEqual([])
      await real.close()
    },
  )

  test('does not end the run of the other, which is at work still', async () => {
    await newTenant()
    const real = parserPool({ size: 2 })
    const [first, second] = [sleeper(real, 'amid'), sleeper(real, 'after')]
    const id = await bring('slow.md', '# Slow\n\nThe gadwall.\n')
    const early = ingestionRunner(db.database, first.parser).run(tenant, id)
    await first.asleep
    const later = ingestionRunner(db.database, second.parser).run(tenant, id)
    await second.asleep
    first.wake()
    await early
    expect(await runs()).toMatchObject([{ state: 'running', epoch: 2, ends: 0 }])
    second.wake()
    await later
    expect(await runs()).toMatchObject([{ state: 'done', epoch: 2, ends: 1 }])
    expect(await faults()).toEqual([])
    await real.close()
  })

  test('a file that is in is not taken up again, however often its job comes', async () => {
    await newTenant()
    const runner = ingestionRunner(db.database)
    const id = await bring('once.md', '# Once\n\nThe pochard.\n')
    await runner.run(tenant, id)
    // Who comes too late takes the stream over before it sees that: its epoch rises, and nothing else.
    const before = await everything('journal_stream')
    await Promise.all([runner.run(tenant, id), runner.run(tenant, id)])
    expect(await everything('journal_stream')).toEqual(before)
    await runner.close()
  })
})
