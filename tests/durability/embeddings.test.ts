// Embeddings as background work: nothing is lost or done twice whatever dies, tenants take turns, and a model is replaced
// while searches go on.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { dropRetired } from '../../src/features/embeddings/change/drop-retired.ts'
import { fillTenant } from '../../src/features/embeddings/change/fill-tenant.ts'
import { registerModel } from '../../src/features/embeddings/change/register-model.ts'
import { switchWhenFilled } from '../../src/features/embeddings/change/switch-when-filled.ts'
import { embedPending } from '../../src/features/embeddings/embed-pending.ts'
import { workEmbeddingJobs, workModelChanges } from '../../src/features/embeddings/embedding-jobs.ts'
import { orderEmbedding } from '../../src/features/embeddings/embedding-queues.ts'
import { servingModel } from '../../src/features/embeddings/serving-model.ts'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import type { SearchAnswer } from '../../src/features/retrieval/search-answer.ts'
import { provisionTenant } from '../../src/features/tenants/storage/provision-tenant.ts'
import type { OwnerDatabase } from '../../src/platform/db/database.ts'
import { fault } from '../../src/platform/faults.ts'
import { startJobWorkers, type JobProblem, type JobWorkers } from '../../src/platform/jobs/job-workers.ts'
import type { Embedder } from '../../src/platform/models/embedder.ts'
import { localEmbedder } from '../../src/platform/models/local-embedder.ts'
import { tenantDoors } from '../../src/platform/db/tenant-doors.ts'
import { unpaid } from '../harness/unpaid.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { publishIn, publishText } from '../harness/publish.ts'
import { callerOf } from '../harness/tenant-caller.ts'

type Embed = Embedder['embed']
const onServer = inject('engine') === 'postgres'
const local = localEmbedder()
let embed: Embed = local.embed
const open = (model: Embedder['model']): Embedder => ({
  model,
  embed: (texts, signal) => (model.name === 'ollama:fake' ? embedFake(texts) : embed(texts, signal)),
})
/** Eight numbers; the cosine of a query and any document is 0.6, which the other model never says. */
const embedFake: Embed = async texts => {
  const isDocument = texts.some(text => text.includes('\n'))
  // So slow that a switch which did not wait for the last vector would be seen.
  if (isDocument) await wait(700)
  return texts.map(() =>
    Float32Array.from(isDocument ? [0.6, 0.8, 0, 0, 0, 0, 0, 0] : [1, 0, 0, 0, 0, 0, 0, 0]),
  )
}

let db: TestDatabase
let running: JobWorkers[] = []
const problems: JobProblem[] = []
const lines: string[] = []
const log = {
  info: (_: unknown, message?: string) => void lines.push(String(message)),
  warn: (_: unknown, message?: string) => void lines.push(String(message)),
} as unknown as Parameters<typeof workEmbeddingJobs>[1]['log']

beforeAll(async () => {
  db = await openTestDatabase()
})
beforeEach(() => {
  embed = local.embed
})
afterEach(async () => {
  await Promise.all(running.map(workers => workers.stop(1_000)))
  running = []
  problems.length = 0
  lines.length = 0
})
afterAll(() => db.close())

const startWorkers = async (concurrency = 1): Promise<JobWorkers> => {
  const workers = await startJobWorkers({
    engine: db.worker,
    onProblem: problem => void problems.push(problem),
  })
  running.push(workers)
  await workEmbeddingJobs(workers, { database: db.database, open, spendAs: unpaid, log, concurrency })
  return workers
}
const doors = (tenantId: string) => tenantDoors(db.database, { tenantId, subject: 'tests' })
const run = (tenantId: string, more: object = {}) => embedPending({ ...doors(tenantId), open, ...more })
const order = (tenantId: string) => doors(tenantId).write(tx => orderEmbedding(tx, tenantId))
/** Publishes one-chunk documents in one transaction, as an ingestion would, and orders their vectors. */
const add = (tenantId: string, count: number, name = 'Paper') =>
  doors(tenantId).write(async tx => {
    for (let at = 0; at < count; at++)
      await publishIn(tx, tenantId, {
        title: `${name} ${at}`,
        content: `River passage ${at} of ${name}.`,
        language: 'english',
      })
    await orderEmbedding(tx, tenantId)
  })
const count = async (table: string, tenantId: string): Promise<number> =>
  Number(
    (await db.asAdmin(`select count(*) from app.${table} where tenant_id = $1`, [tenantId]))[0]!['count'],
  )
const models = () => db.asAdmin('select number, name, state from app.embedding_model order by number')
const until = (isTrue: () => Promise<boolean>) =>
  expect.poll(isTrue, { timeout: 50_000, interval: 50 }).toBe(true)

describe('killed', () => {
  test('between embedding and storing: the chunks are embedded again, once', async () => {
    const tenant = await db.createTenant()
    await add(tenant, 3)
    const dying = { write: () => Promise.reject(new Error('killed')) }
    await expect(run(tenant, dying)).rejects.toThrow('killed')
    expect([await count('vector_1', tenant), await count('pending_embedding', tenant)]).toEqual([0, 3])
    expect(await run(tenant)).toMatchObject({ embedded: 3, left: 0 })
    expect([await count('vector_1', tenant), await count('pending_embedding', tenant)]).toEqual([3, 0])
  })

  test.runIf(onServer)(
    'with -9 between embedding and storing: another process finishes, no vector lost or doubled',
    async () => {
      const tenant = await db.createTenant()
      await add(tenant, 70)
      const child = spawn(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          DOOMED_WORKER,
          db.urls!.worker,
          db.urls!.app,
          db.sealKey.id,
          db.sealKey.secret.toString('hex'),
        ],
        { stdio: ['ignore', 'inherit', 'inherit'] },
      )
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
      expect(signal).toBe('SIGKILL')
      // The first batch was stored, the second embedded and lost.
      expect([await count('vector_1', tenant), await count('pending_embedding', tenant)]).toEqual([32, 38])
      await startWorkers()
      await until(async () => (await count('pending_embedding', tenant)) === 0)
      expect(await count('vector_1', tenant)).toBe(70)
    },
  )
})

describe('workers', () => {
  test('two at a time embed no chunk twice', async () => {
    const tenant = await db.createTenant()
    const seen: string[] = []
    // So long that the next wave is ordered meanwhile.
    embed = async (texts, signal) => {
      seen.push(...texts)
      await wait(400)
      return local.embed(texts, signal)
    }
    await startWorkers(2)
    await startWorkers(2)
    // Ordered again and again while it is worked on.
    for (let at = 0; at < 10; at++) await add(tenant, 20, `Wave ${at}`)
    await until(async () => (await count('vector_1', tenant)) === 200)
    expect(seen).toHaveLength(200)
    expect(new Set(seen).size).toBe(200)
    expect(problems).toEqual([])
  })

  test('what is committed after the waiting job ran is not forgotten', async () => {
    const tenant = await db.createTenant()
    await order(tenant)
    const sent = Promise.withResolvers<void>()
    const commit = Promise.withResolvers<void>()
    // Finds a job waiting, sends none, and commits when that one has long begun. Embedded, nothing can come between.
    const late = doors(tenant).write(async tx => {
      await publishIn(tx, tenant, { title: 'Late', content: 'River passage.', language: 'english' })
      await orderEmbedding(tx, tenant)
      sent.resolve()
      if (onServer) await commit.promise
    })
    await sent.promise
    await startWorkers()
    await wait(1_500)
    commit.resolve()
    await late
    await expect.poll(() => count('vector_1', tenant), { timeout: 20_000 }).toBe(1)
  })

  test('a tenant with a thousand chunks does not hold up one with 32', async () => {
    const [large, small] = [await db.createTenant(), await db.createTenant()]
    await add(large, 1_000, 'Large')
    await add(small, 32, 'Small')
    let before = -1
    let done = 0
    embed = (texts, signal) => {
      if (texts[0]!.startsWith('Small') && before < 0) before = done
      if (texts[0]!.startsWith('Large')) done += texts.length
      return local.embed(texts, signal)
    }
    await startWorkers(1)
    await until(async () => (await count('pending_embedding', small)) === 0)
    // One turn of eight batches.
    expect(before).toBe(256)
    await until(async () => (await count('pending_embedding', large)) === 0)
    expect(await count('vector_1', large)).toBe(1_000)
  })

  test('an embedder that is away puts the work off, is said once, and costs nothing when it is back', async () => {
    const tenants = await Promise.all(Array.from({ length: 5 }, () => db.createTenant()))
    let asked = 0
    embed = () => {
      asked++
      return Promise.reject(fault('unavailable'))
    }
    await startWorkers()
    for (const tenant of tenants) await add(tenant, 2)
    await until(() => Promise.resolve(asked >= 10))
    expect(lines).toEqual(['an embedding model cannot be asked: chunks wait, searches go by words'])
    expect(problems).toEqual([])
    embed = local.embed
    for (const tenant of tenants) await until(async () => (await count('vector_1', tenant)) === 2)
    expect(lines).toHaveLength(2)
    expect(lines[1]).toBe('an embedding model answers again')
    expect(await db.asAdmin(`select from pgboss.job where name = 'dead_letter'`)).toEqual([])
  })
})

// On the embedded engine the searches and the work take turns on one session: what could be mixed is on the server.
describe.runIf(onServer)('another model', () => {
  const givePartitions = (tenantId: string) => provisionTenant(db.owner, tenantId)

  test('takes over while searches go on: none fails, and none mixes the two', async () => {
    const tenant = await db.createTenant()
    await add(tenant, 100)
    await run(tenant)
    const ask = callerOf(
      db.database,
      retrieval({ servingModel: servingModel({ database: db.database, open }), embedWithinMs: 10_000 }),
      tenant,
    )
    const seen = new Map<string, number>()
    let mixed = 0
    let isOver = false
    const searching = (async () => {
      while (!isOver) {
        const { searched, hits, degraded } = await ask<SearchAnswer>('hybrid_search', {
          query: 'river passage',
          vector_weight: 1,
        })
        const model = String(searched.embedding_model)
        seen.set(model, (seen.get(model) ?? 0) + 1)
        const isFake = hits.every(({ vector_score }) => Math.abs(vector_score - 0.6) < 0.001)
        if (degraded !== undefined || hits.length !== 10 || isFake !== (model === 'ollama:fake')) mixed++
      }
    })()
    const workers = await startWorkers()
    await workModelChanges(workers, { owner: db.owner, givePartitions, graceMs: 3_000 })
    expect(await registerModel(db.owner, { name: 'ollama:fake', dimension: 8 })).toMatchObject({
      state: 'filling',
      isNew: true,
    })
    expect(await registerModel(db.owner, { name: 'ollama:fake', dimension: 8 })).toMatchObject({
      state: 'filling',
      isNew: false,
    })
    await expect(registerModel(db.owner, { name: 'ollama:other', dimension: 8 })).rejects.toMatchObject({
      code: 'conflict',
      reason: 'model_filling',
    })
    // What comes in between is in both, and a tenant that is made in between has both.
    await add(tenant, 10, 'Between')
    const newcomer = await db.createTenant()
    await add(newcomer, 5, 'Newcomer')
    await until(async () => (await models()).some(({ number, state }) => number === 2 && state === 'serving'))
    expect(await count('vector_2', tenant)).toBe(110)
    await until(async () => (await models()).length === 1)
    await until(
      async () => (await db.asAdmin(`select from pg_class where relname like 'vector\\_1%'`)).length === 0,
    )
    const before = seen.get('ollama:fake') ?? 0
    await until(() => Promise.resolve((seen.get('ollama:fake') ?? 0) > before + 5))
    isOver = true
    await searching
    expect(mixed).toBe(0)
    expect([...seen.keys()]).toEqual(['local-ngram-1', 'ollama:fake'])
    expect(await models()).toEqual([{ number: 2, name: 'ollama:fake', state: 'serving' }])
    expect(await registerModel(db.owner, { name: 'ollama:fake', dimension: 8 })).toMatchObject({
      state: 'serving',
      isNew: false,
    })
    for (const [id, chunks] of [
      [tenant, 110],
      [newcomer, 5],
    ] as const)
      expect(await count('vector_2', id)).toBe(chunks)
    expect(problems.filter(({ queue }) => queue !== undefined)).toEqual([])
  })

  test('killed before and after every step of the change, it goes on to the same end', async () => {
    const tenants = [await db.createTenant(), await db.createTenant()]
    for (const tenant of tenants) await add(tenant, 3)
    for (const { id } of await db.asAdmin('select id from app.tenant')) await run(String(id))
    await surviveKills(owner => registerModel(owner, { name: 'local-ngram-1', dimension: 384 }))
    const all = (await db.asAdmin('select id from app.tenant')).map(({ id }) => String(id))
    const fill = (owner: OwnerDatabase, id: string) =>
      fillTenant(owner, id, tenantId => provisionTenant(owner, tenantId))
    for (const id of tenants) await surviveKills(owner => fill(owner, id))
    // Those of the tests before, undisturbed.
    for (const id of all) await fill(db.owner, id)
    for (const id of all) await run(id)
    await surviveKills(owner => switchWhenFilled(owner, tenantId => provisionTenant(owner, tenantId), 0))
    expect((await models()).map(({ number, state }) => [number, state])).toEqual([
      [2, 'retired'],
      [3, 'serving'],
    ])
    await surviveKills(owner => dropRetired(owner, 0))
    expect(await models()).toEqual([{ number: 3, name: 'local-ngram-1', state: 'serving' }])
    for (const tenant of tenants)
      expect([await count('vector_3', tenant), await count('pending_embedding', tenant)]).toEqual([3, 0])
    expect(await db.asAdmin(`select relname from pg_class where relname like 'vector\\_2%'`)).toEqual([])
    expect(
      await db.asAdmin(`select count(*)::int as n from app.embedding_fill where model_number = 2`),
    ).toEqual([{ n: 0 }])
    // A document that comes now is found by the new model alone.
    await publishText(db.database, tenants[0]!, { title: 'New', content: 'River passage.' })
    expect(await run(tenants[0]!)).toMatchObject({ embedded: 1 })
  }, 120_000)

  /** Runs `step` until it is done; each run dies one step later than the last, before or after it. */
  async function surviveKills(step: (owner: OwnerDatabase) => Promise<unknown>): Promise<void> {
    for (let kill = 0; ; kill++) {
      let call = 0
      const dying =
        <Arguments extends unknown[], Result>(fn: (...given: Arguments) => Promise<Result>) =>
        async (...given: Arguments): Promise<Result> => {
          const mine = call++
          if (mine * 2 === kill) throw new Error('killed before')
          const result = await fn(...given)
          if (mine * 2 + 1 === kill) throw new Error('killed after')
          return result
        }
      const { owner } = db
      const mortal = {
        ...owner,
        runAlone: dying(owner.runAlone),
        transaction: dying(owner.transaction),
        maintain: dying(owner.maintain),
      } as OwnerDatabase
      try {
        await step(mortal)
        expect(kill).toBeGreaterThan(0)
        return
      } catch (error) {
        if (!(error as Error).message.startsWith('killed')) throw error
      }
    }
  }
})

const source = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href)
/** A process that embeds, stores the first batch, and dies with the vectors of the second in its hands. */
const DOOMED_WORKER = `
  import { workEmbeddingJobs } from ${source('features/embeddings/embedding-jobs.ts')}
  import { pgEngine } from ${source('platform/db/engine/pg-engine.ts')}
  import { sealedDatabase } from ${source('platform/db/sealed-database.ts')}
  import { startJobWorkers } from ${source('platform/jobs/job-workers.ts')}
  import { localEmbedder } from ${source('platform/models/local-embedder.ts')}
  const [, worker, app, id, secret] = process.argv
  const at = url => pgEngine({ url, poolSize: 2, pooled: false, applicationName: 'doomed', onIdleError: () => {} })
  const workers = await startJobWorkers({ engine: at(worker), onProblem: ({ error }) => console.error(error) })
  let batches = 0
  const open = model => ({ model, embed: async texts => {
    const vectors = await localEmbedder().embed(texts)
    if (++batches === 2) process.kill(process.pid, 'SIGKILL')
    return vectors
  } })
  const database = sealedDatabase({ engine: at(app), sealKey: () => ({ id, secret: Buffer.from(secret, 'hex') }) })
  await workEmbeddingJobs(workers, { database, open, spendAs: () => () => Promise.reject(new Error('nobody is paid here')), log: console, concurrency: 1 })`
