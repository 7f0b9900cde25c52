// The job queue: nothing sent is lost, nothing unsent is done, and the roles see no more than they need.
import { getConstructionPlans } from 'pg-boss'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { sql } from '../../src/platform/db/statements.ts'
import { fault } from '../../src/platform/faults.ts'
import { bossDatabase } from '../../src/platform/jobs/boss-database.ts'
import {
  startJobWorkers,
  type JobContext,
  type JobProblem,
  type JobWorkers,
} from '../../src/platform/jobs/job-workers.ts'
import { queue, type Queue } from '../../src/platform/jobs/queue.ts'
import { sendJob } from '../../src/platform/jobs/send-job.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'

const ordinary = queue('test_ordinary', ['documentId'])
const impatient = queue('test_impatient')
const unused = queue('test_unused')
/** The embedded engine lives and dies with its one process. */
const onServer = inject('engine') === 'postgres'

let db: TestDatabase
let tenantId: string
let running: JobWorkers[] = []
const problems: JobProblem[] = []

beforeAll(async () => {
  db = await openTestDatabase()
  tenantId = await db.createTenant()
  await db.owner.transaction(tx =>
    tx.exec(`
      select app.define_queue('test_ordinary');
      select app.define_queue('test_impatient', '{"retryLimit": 2, "retryDelay": 0, "retryBackoff": false}');
      select app.define_queue('test_unused');`),
  )
})
afterEach(async () => {
  await Promise.all(running.map(workers => workers.stop(1_000)))
  running = []
  problems.length = 0
})
afterAll(() => db.close())

const startWorkers = async (): Promise<JobWorkers> => {
  const workers = await startJobWorkers({
    engine: db.worker,
    onProblem: problem => void problems.push(problem),
  })
  running.push(workers)
  return workers
}
const send = (to: Queue<never>, of = tenantId): Promise<string> =>
  db.database.writeAs({ tenantId: of, subject: 'test' }, tx => sendJob(tx, to, { tenantId: of }))
const jobsIn = (name: string) =>
  db.asAdmin('select id, state, data, output from pgboss.job where name = $1', [name])
const until = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  for (let i = 0; !(await isTrue()); i++) {
    if (i > 1_200)
      throw new Error(`waited in vain: ${JSON.stringify(problems.map(({ error }) => String(error)))}`)
    await wait(50)
  }
}

describe('sending', () => {
  test('a job is there when its transaction commits, and is handled once with its ids', async () => {
    const handled: unknown[] = []
    const workers = await startWorkers()
    await workers.work(ordinary, async (payload, { attempt }) => void handled.push({ ...payload, attempt }))
    const documentId = uuidv7()
    await db.database.writeAs({ tenantId, subject: 'test' }, tx =>
      sendJob(tx, ordinary, { tenantId, documentId }),
    )
    await until(async () => (await jobsIn('test_ordinary')).every(({ state }) => state === 'completed'))
    expect(handled).toEqual([{ tenantId, documentId, attempt: 1 }])
  })

  test('a job goes when its transaction rolls back', async () => {
    const sending = db.database.writeAs({ tenantId, subject: 'test' }, async tx => {
      await sendJob(tx, unused, { tenantId })
      throw fault('conflict')
    })
    await expect(sending).rejects.toMatchObject({ code: 'conflict' })
    expect(await jobsIn('test_unused')).toEqual([])
  })

  test.each([
    ['a text', { documentId: 'the merger closes on Friday' }],
    ['a foreign key of the payload', { documentId: uuidv7(), title: uuidv7() }],
    ['a missing id', {}],
  ])('%s is no payload', async (_, rest) => {
    const sending = db.database.writeAs({ tenantId, subject: 'test' }, tx =>
      sendJob(tx, ordinary, { tenantId, ...rest } as never),
    )
    await expect(sending).rejects.toMatchObject({ code: 'internal' })
  })

  test('a transaction of a tenant makes no job for another tenant', async () => {
    const other = uuidv7()
    const sending = db.database.writeAs({ tenantId, subject: 'test' }, tx =>
      sendJob(tx, unused, { tenantId: other }),
    )
    await expect(sending).rejects.toThrow(/row-level security/)
    await db.database.system('manage_tenants', tx => sendJob(tx, unused, { tenantId: other }))
    expect(await jobsIn('test_unused')).toMatchObject([{ data: { tenantId: other } }])
  })
})

describe('rights', () => {
  test("the application counts its own tenant's jobs at most, and can neither read, change nor delete one", async () => {
    const other = await db.createTenant()
    await send(unused, other)
    await send(unused)
    const as = { tenantId, subject: 'test' }
    const seen = await db.database.readAs(as, tx =>
      tx.all(sql<{ id: string }>`select id from pgboss.job_common`),
    )
    const own = await db.asAdmin(`select id from pgboss.job where data ->> 'tenantId' = $1`, [tenantId])
    expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(own.map(({ id }) => id)))
    for (const refused of [
      sql`select data from pgboss.job_common`,
      sql`select id from pgboss.job`,
      sql`update pgboss.job_common set state = 'completed'`,
      sql`delete from pgboss.job_common`,
      sql`insert into pgboss.queue (name) values ('x')`,
      sql`select pgboss.create_queue('x', '{}')`,
      sql`select pgboss.delete_queue('test_unused')`,
    ]) {
      await expect(db.database.writeAs(as, tx => tx.run(refused))).rejects.toThrow(/permission denied/)
    }
  })

  test("the worker's role reaches no table of the application", async () => {
    const [row] = await db.asAdmin(`
      select has_schema_privilege('gatehouse_worker', 'app', 'usage') as schema,
        count(*) filter (where has_table_privilege('gatehouse_worker', oid, 'select, insert, update, delete, truncate')) as tables
      from pg_class where relnamespace = 'app'::regnamespace and relkind in ('r', 'p', 'v', 'm')`)
    expect(row).toEqual({ schema: false, tables: 0n })
  })

  test.each([
    ['a statement with values', 'select id from app.document where tenant_id = $1', [uuidv7()]],
    ['a statement without', 'select id from app.document', undefined],
    ['a whole transaction', 'begin; select id from app.document; commit', undefined],
  ])('whatever pg-boss runs, it runs as the worker: %s', async (_, text, values) => {
    const boss = bossDatabase(db.worker, onServer ? undefined : 'gatehouse_worker')
    await expect(boss.executeSql(text, values)).rejects.toThrow(/permission denied/)
    expect(
      (await boss.executeSql('select count(*) from pgboss.queue where name = $1', ['test_unused'])).rows,
    ).toEqual([{ count: '1' }])
  })

  test('no function of the queue can be called by whoever comes along', async () => {
    const open = await db.asAdmin(`
      select p.proname from pg_proc p
      where p.pronamespace = 'pgboss'::regnamespace and (p.proacl is null or exists (
        select from aclexplode(p.proacl) a where a.grantee = 0 and a.privilege_type = 'EXECUTE'))`)
    expect(open).toEqual([])
  })
})

describe('working', () => {
  test("a job that keeps failing is retried, then lies among the dead letters with ids and the fault's code alone", async () => {
    const attempts: number[] = []
    const workers = await startWorkers()
    await workers.work(impatient, async (_, { attempt }) => {
      attempts.push(attempt)
      throw fault('unavailable', { detail: 'could not embed "the merger closes on Friday"' })
    })
    await send(impatient)
    await until(async () => (await jobsIn('dead_letter')).length > 0)
    expect(attempts).toEqual([1, 2, 3])
    const kept = await db.asAdmin(
      `select name, data, output, source_output, source_name from pgboss.job where name in ('dead_letter', 'test_impatient')`,
    )
    expect(kept).toHaveLength(2)
    expect(JSON.stringify(kept)).not.toContain('merger')
    expect(kept.find(({ name }) => name === 'dead_letter')).toMatchObject({
      data: { tenantId },
      source_name: 'test_impatient',
      source_output: { message: 'unavailable' },
    })
    expect(problems.map(({ error }) => (error as Error).message)).toContain(
      'could not embed "the merger closes on Friday"',
    )
  })

  test('a hundred jobs run once each, several at a time', async () => {
    const done: string[] = []
    let atOnce = 0
    let most = 0
    const workers = await startWorkers()
    await workers.work(
      ordinary,
      async ({ documentId }) => {
        most = Math.max(most, ++atOnce)
        await wait(5)
        done.push(documentId)
        atOnce--
      },
      { concurrency: 3, perTenant: 3 },
    )
    const ids = Array.from({ length: 100 }, () => uuidv7())
    await db.database.writeAs({ tenantId, subject: 'test' }, async tx => {
      for (const documentId of ids) await sendJob(tx, ordinary, { tenantId, documentId })
    })
    await until(() => done.length >= 100)
    expect(done.toSorted()).toEqual(ids.toSorted())
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(3)
  })

  test('a tenant with many jobs takes all places but one: another tenant does not wait for them', async () => {
    const other = await db.createTenant()
    const done: string[] = []
    const workers = await startWorkers()
    await workers.work(
      ordinary,
      async job => {
        await wait(20)
        done.push(job.tenantId)
      },
      { concurrency: 3, perTenant: 2 },
    )
    const send = (id: string) =>
      db.database.writeAs({ tenantId: id, subject: 'test' }, tx =>
        sendJob(tx, ordinary, { tenantId: id, documentId: uuidv7() }),
      )
    await Promise.all(Array.from({ length: 60 }, () => send(tenantId)))
    await send(other)
    await until(() => done.length === 61)
    expect(done.indexOf(other)).toBeLessThan(50)
  })

  test('a job whose worker fell silent is given to another', async () => {
    const id = await send(impatient)
    await db.asAdmin(
      `update pgboss.job_common set state = 'active', started_on = now() - interval '1 minute',
      heartbeat_on = now() - interval '1 minute' where id = $1`,
      [id],
    )
    const runs: number[] = []
    const workers = await startWorkers()
    await workers.work(impatient, async (_, job) => void (job.id === id && runs.push(job.attempt)))
    await until(() => runs.length > 0)
    expect(runs).toEqual([2])
  })

  test.runIf(onServer)('a job of a killed process is run again by another', async () => {
    await db.owner.transaction(tx =>
      tx.exec(
        `select app.define_queue('test_doomed', '{"retryDelay": 0, "retryBackoff": false, "heartbeatSeconds": 10}')`,
      ),
    )
    const doomed = queue('test_doomed')
    const id = await send(doomed)
    const child = spawn(process.execPath, ['--input-type=module', '-e', DOOMED_WORKER, db.urls!.worker], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    expect(await jobsIn('test_doomed')).toMatchObject([{ id, state: 'active' }])
    child.kill('SIGKILL')
    await once(child, 'exit')

    const runs: unknown[] = []
    const workers = await startWorkers()
    await workers.work(doomed, async (payload, { attempt }) => void runs.push({ ...payload, attempt }))
    await until(async () => (await jobsIn('test_doomed'))[0]?.['state'] === 'completed')
    expect(runs).toEqual([{ tenantId, attempt: 2 }])
  })

  test('stopping waits for the job at hand and takes no other', async () => {
    const finished: string[] = []
    const workers = await startWorkers()
    const begun = Promise.withResolvers<void>()
    await workers.work(ordinary, async ({ documentId }) => {
      begun.resolve()
      await wait(300)
      finished.push(documentId)
    })
    const [first, second] = [uuidv7(), uuidv7()]
    await db.database.writeAs({ tenantId, subject: 'test' }, async tx => {
      await sendJob(tx, ordinary, { tenantId, documentId: first })
      await sendJob(tx, ordinary, { tenantId, documentId: second })
    })
    await begun.promise
    await workers.stop()
    expect(finished).toEqual([first])
    const states = await db.asAdmin(
      `select state from pgboss.job where data ->> 'documentId' = any($1) order by state`,
      [[first, second]],
    )
    expect(states.map(({ state }) => state)).toEqual(['created', 'completed'])
  })

  test('a job that outlasts the stop is given back, and its handler told', async () => {
    const workers = await startWorkers()
    const begun = Promise.withResolvers<JobContext>()
    const deaf = new AbortController()
    await workers.work(impatient, async (_, job) => {
      begun.resolve(job)
      await wait(20_000, undefined, { signal: deaf.signal }).catch(() => undefined)
    })
    const id = await send(impatient)
    const { signal } = await begun.promise
    await workers.stop(1_000)
    deaf.abort()
    expect(signal.aborted).toBe(true)
    expect((await jobsIn('test_impatient')).find(job => job['id'] === id)).toMatchObject({ state: 'retry' })
  })

  test('workers do not start inside a transaction', async () => {
    const starting = db.database.system('manage_tenants', () => startWorkers())
    await expect(starting).rejects.toThrow(/bypasses the open transaction/)
  })
})

describe('waking', () => {
  test('a notification is heard when its transaction commits, and only then', async () => {
    const heard: string[] = []
    const listener = await db.worker.listen!('test_channel', {
      heard: payload => void heard.push(payload),
      listening: () => undefined,
    })
    const undone = db.database.system('manage_tenants', async tx => {
      await tx.all(sql`select pg_notify('test_channel', 'undone')`)
      throw fault('conflict')
    })
    await expect(undone).rejects.toMatchObject({ code: 'conflict' })
    await db.database.system('manage_tenants', tx => tx.all(sql`select pg_notify('test_channel', 'done')`))
    await until(() => heard.length > 0)
    expect(heard).toEqual(['done'])
    await listener.close()
  })

  test.runIf(onServer)('a listener whose connection is cut listens again', async () => {
    let listening = 0
    const heard: string[] = []
    const listener = await db.worker.listen!('test_cut', {
      heard: payload => void heard.push(payload),
      listening: () => void listening++,
    })
    await db.asAdmin(
      `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen "test_cut"'`,
    )
    await until(() => listening === 2)
    await db.asAdmin(`select pg_notify('test_cut', 'again')`)
    await until(() => heard.length > 0)
    expect(heard).toEqual(['again'])
    await listener.close()
  })
})

test('the schema of the queue is the one that the installed pg-boss makes', async () => {
  const plan = getConstructionPlans('pgboss', { createSchema: false })
  const made = plan.slice(plan.indexOf('CREATE TYPE'), plan.lastIndexOf('COMMIT;'))
  const migration = await readFile(new URL('../../migrations/0007-jobs.up.sql', import.meta.url), 'utf8')
  expect(migration).toContain(made.trimEnd())
})

const source = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href)
/** A process that takes a job, says so, and never finishes. */
const DOOMED_WORKER = `
  import { pgEngine } from ${source('platform/db/engine/pg-engine.ts')}
  import { startJobWorkers } from ${source('platform/jobs/job-workers.ts')}
  const engine = pgEngine({ url: process.argv[1], poolSize: 2, pooled: false, applicationName: 'doomed', onIdleError: () => {} })
  const workers = await startJobWorkers({ engine, onProblem: ({ error }) => console.error(error) })
  await workers.work({ name: 'test_doomed', ids: [] }, async () => {
    console.log('taken')
    await new Promise(() => setInterval(() => {}, 1_000))
  })`
