// Embeddings in the background, by outcome: what is stored, what a search makes of it, and what becomes of failures.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { orderEmbedding } from '../../src/features/embeddings/embedding-queues.ts'
import { embedPending } from '../../src/features/embeddings/embed-pending.ts'
import { operations as embeddings } from '../../src/features/embeddings/operations.ts'
import { servingModel } from '../../src/features/embeddings/serving-model.ts'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import type { SearchAnswer } from '../../src/features/retrieval/search-answer.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { fault } from '../../src/platform/faults.ts'
import type { Embedder } from '../../src/platform/models/embedder.ts'
import { localEmbedder } from '../../src/platform/models/local-embedder.ts'
import { callOpener } from '../../src/gate/open-call.ts'
import { recorder } from '../../src/gate/record.ts'
import { operationRunner } from '../../src/gate/run-operation.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { unpaid } from '../harness/unpaid.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { publishText } from '../harness/publish.ts'
import { callerOf } from '../harness/tenant-caller.ts'

type Embed = Embedder['embed']
const local = localEmbedder()
const good: Embed = (texts, signal) => local.embed(texts, signal)
/** What the embedder does now; each test says. */
let embed: Embed = good
const open = (model: Embedder['model']): Embedder => ({
  model,
  embed: (texts, signal) => embed(texts, signal),
})
const wrong =
  (value: number, length = 384): Embed =>
  texts =>
    Promise.resolve(texts.map(() => new Float32Array(length).fill(value)))

let db: TestDatabase
let tenant: string
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  embed = good
  tenant = await db.createTenant()
})

const doors = (tenantId: string) => ({
  tenantId,
  read: <T>(fn: Parameters<typeof db.database.readAs<T>>[1]) =>
    db.database.readAs({ tenantId, subject: 't' }, fn),
  write: <T>(fn: Parameters<typeof db.database.writeAs<T>>[1]) =>
    db.database.writeAs({ tenantId, subject: 't' }, fn),
})
const run = (more: object = {}, tenantId = tenant) => embedPending({ ...doors(tenantId), open, ...more })
/** Publishes a text and returns its version's id. */
const add = async (title: string, content: string, more: object = {}): Promise<string> => {
  const id = await publishText(db.database, tenant, { title, content, ...more })
  const [row] = await db.asAdmin('select current_version_id as id from app.document where id = $1', [id])
  return String(row!['id'])
}
const count = async (table: string, tenantId = tenant): Promise<number> =>
  Number(
    (await db.asAdmin(`select count(*) from app.${table} where tenant_id = $1`, [tenantId]))[0]!['count'],
  )
const hybrid = (query: string, more: object = {}, embedWithinMs = 5_000) =>
  callerOf(
    db.database,
    retrieval({ servingModel: servingModel({ database: db.database, open }), embedWithinMs }),
    tenant,
  )<SearchAnswer>('hybrid_search', { query, bm25_weight: 1, vector_weight: 1, ...more })
const titles = ({ hits }: SearchAnswer) => hits.map(({ title }) => title)
const operate = async (name: string, input: object = {}) => {
  const operation = embeddings({
    owner: undefined,
    probe: () => Promise.resolve(8),
    readTenant: (id, fn) => doors(id).read(fn),
    writeTenant: (id, fn) => doors(id).write(fn),
  }).find(one => one.name === name)!
  const runOperation = operationRunner({
    takeToken: () => undefined,
    record: recorder({ database: db.database, log: createLogger('silent') }),
  })
  const context = { requestId: 'test', signal: AbortSignal.timeout(60_000) }
  const principal = { realm: 'deployment', subject: 'operator:test' } as const
  return runOperation(
    operation,
    input,
    callOpener({ database: db.database, spendAs: unpaid })(operation, principal, context),
  )
}

describe('backfill', () => {
  test('gives every chunk its vector, across documents, in batches of at most 32, and leaves nothing pending', async () => {
    const sizes: number[] = []
    embed = (texts, signal) => {
      sizes.push(texts.length)
      return good(texts, signal)
    }
    for (let at = 0; at < 40; at++) await add(`Paper ${at}`, `Passage number ${at} of the river.`)
    expect(await count('pending_embedding')).toBe(40)
    expect(await run()).toEqual({ embedded: 40, failed: 0, left: 0, reached: ['local-ngram-1'], away: [] })
    expect(sizes).toEqual([32, 8])
    expect([await count('vector_1'), await count('pending_embedding')]).toEqual([40, 0])
    expect(await run()).toMatchObject({ embedded: 0, left: 0 })
  })

  test('stops after the batches it was given, and says how much is left', async () => {
    for (let at = 0; at < 40; at++) await add(`Paper ${at}`, `Passage number ${at}.`)
    expect(await run({ maxBatches: 1 })).toMatchObject({ embedded: 32, left: 8 })
    expect(await run({ maxBatches: 1 })).toMatchObject({ embedded: 8, left: 0 })
  })

  test('embeds a passage under its title, as a search for the title alone finds it', async () => {
    const seen: string[] = []
    embed = (texts, signal) => {
      seen.push(...texts)
      return good(texts, signal)
    }
    await add('Harbour rules', 'Boats wait.')
    await run()
    expect(seen).toEqual(['Harbour rules\n\nBoats wait.'])
  })

  test('a text that holds nothing to embed is done, without a vector', async () => {
    await add('…', '— — —')
    expect(await run()).toMatchObject({ embedded: 0, failed: 0, left: 0 })
    expect([await count('vector_1'), await count('pending_embedding')]).toEqual([0, 0])
  })

  test('one text that cannot be embedded does not stop the others; after five times it is left alone, until it is retried', async () => {
    embed = (texts, signal) =>
      texts.some(text => text.includes('poison'))
        ? Promise.reject(fault('unavailable', { reason: 'bad_embedding' }))
        : good(texts, signal)
    for (let at = 0; at < 10; at++) await add(`Paper ${at}`, at === 4 ? 'poison' : `Passage ${at}`)
    expect(await run()).toMatchObject({ embedded: 9, failed: 1, left: 1, away: [] })
    for (let again = 0; again < 4; again++) await run()
    expect(await run()).toMatchObject({ embedded: 0, failed: 0, left: 0 })
    expect(
      await db.asAdmin('select attempts, reason from app.pending_embedding where tenant_id = $1', [tenant]),
    ).toEqual([{ attempts: 5, reason: 'bad_embedding' }])
    const status = async () => ((await operate('get_embedding_status')) as { models: unknown[] }).models[0]
    expect(await status()).toMatchObject({ name: 'local-ngram-1', state: 'serving', failed: 1, pending: 0 })
    embed = good
    expect(await operate('retry_embeddings')).toEqual({ retried: 1 })
    expect(await status()).toMatchObject({ tenants_pending: 1, failed: 0, pending: 1 })
    expect(await run()).toMatchObject({ embedded: 1, left: 0 })
  })

  test('one text that a server refuses outright (a status, not a vector) does not stop the others either', async () => {
    const refusal = () => Promise.reject(fault('unavailable', { reason: 'provider_failed' }))
    embed = (texts, signal) => (texts.some(text => text.includes('poison')) ? refusal() : good(texts, signal))
    await add('Paper', 'Passage.')
    await add('Paper', 'poison')
    expect(await run()).toMatchObject({ embedded: 1, failed: 1, left: 1, away: [] })
    expect(await run()).toMatchObject({ embedded: 0, failed: 1, left: 1, away: [] })
    embed = refusal
    expect(await run()).toMatchObject({ embedded: 0, failed: 0, left: 1, away: [{ model: 'local-ngram-1' }] })
  })

  test.each([
    ['NaN', wrong(Number.NaN)],
    ['infinity', wrong(Number.POSITIVE_INFINITY)],
    ['zero', wrong(0)],
    ['the wrong dimension', wrong(1, 8)],
    ['fewer vectors than texts', () => Promise.resolve([])],
    ['an error nobody foresaw', () => Promise.reject(new TypeError('x'))],
  ] as [string, Embed][])(
    '%s from the embedder is never stored, and the chunks stay pending',
    async (_, bad) => {
      await add('Paper', 'Passage.')
      await add('Other', 'Words.')
      embed = bad
      expect(await run()).toMatchObject({ embedded: 0, failed: 2, left: 2 })
      expect(await count('vector_1')).toBe(0)
      embed = good
      expect(await run()).toMatchObject({ embedded: 2, left: 0 })
    },
  )

  test.each(['unavailable', 'timeout', 'rate_limited'] as const)(
    'an embedder that is away (%s) counts nothing against the chunks',
    async code => {
      await add('Paper', 'Passage.')
      embed = () => Promise.reject(fault(code))
      for (let again = 0; again < 10; again++)
        expect(await run()).toMatchObject({
          embedded: 0,
          failed: 0,
          left: 1,
          away: [{ model: 'local-ngram-1' }],
        })
      expect(
        await db.asAdmin('select attempts from app.pending_embedding where tenant_id = $1', [tenant]),
      ).toEqual([{ attempts: 0 }])
    },
  )

  test('a version that is removed while it is embedded leaves neither a vector nor a pending row', async () => {
    const versionId = await add('Paper', 'Passage.')
    embed = async (texts, signal) => {
      await doors(tenant).write(async tx => {
        for (const table of ['pending_embedding', 'vector_1', 'chunk', 'posting'])
          await tx.run(
            sql`delete from app.${sql.raw(table)} where tenant_id = ${tenant} and version_id = ${versionId}`,
          )
      })
      return good(texts, signal)
    }
    expect(await run()).toMatchObject({ embedded: 0, left: 0 })
    expect([await count('vector_1'), await count('pending_embedding')]).toEqual([0, 0])
  })

  test('a hidden version waits until it is shown', async () => {
    const versionId = await add('Paper', 'Passage.')
    const hide = sql`insert into app.hidden_version (tenant_id, version_id) values (${tenant}, ${versionId})`
    await doors(tenant).write(tx => tx.run(hide))
    expect(await run()).toMatchObject({ embedded: 0, left: 0 })
    await doors(tenant).write(tx => tx.run(sql`delete from app.hidden_version where tenant_id = ${tenant}`))
    expect(await run()).toMatchObject({ embedded: 1 })
  })

  test('a tenant has one job waiting, however often it is ordered, and no other tenant can take its place', async () => {
    const other = await db.createTenant()
    for (let at = 0; at < 3; at++) await doors(tenant).write(tx => orderEmbedding(tx, tenant))
    const jobs = () =>
      db.asAdmin(
        `select count(*)::int as n from pgboss.job where name = 'embed_chunks' and data ->> 'tenantId' = $1`,
        [tenant],
      )
    expect(await jobs()).toEqual([{ n: 1 }])
    for (const [key, group] of [
      [other, null],
      [null, other],
    ]) {
      const smuggled = sql`insert into pgboss.job_common (name, data, policy, singleton_key, group_id)
        values ('embed_chunks', ${JSON.stringify({ tenantId: tenant })}::jsonb, 'short', ${key}, ${group})`
      await expect(doors(tenant).write(tx => tx.run(smuggled))).rejects.toThrow(/row-level security/)
    }
  })
})

describe('a search', () => {
  const expectByWords = async () => {
    const answer = await hybrid('river crossing')
    expect(titles(answer)).toContain('Bare')
    expect(answer.hits.find(({ title }) => title === 'Bare')).toMatchObject({ vector_score: 0 })
    for (const { score, bm25_score, vector_score } of answer.hits)
      for (const value of [score, bm25_score, vector_score]) expect(Number.isFinite(value)).toBe(true)
    return answer
  }

  test('finds a document by words at once, before it has a vector, with vector_score 0', async () => {
    await add('Bare', 'A river crossing in the north.')
    expect(titles(await expectByWords())).toEqual(['Bare'])
  })
  test('finds it among documents with vectors', async () => {
    await add('Full', 'A river crossing in the south.')
    await run()
    await add('Bare', 'A river crossing in the north.', { embed: false })
    const answer = await expectByWords()
    expect(answer.hits.find(({ title }) => title === 'Full')!.vector_score).toBeGreaterThan(0)
    expect(await run()).toMatchObject({ embedded: 0, left: 0 })
  })
  test('finds it when some of its chunks have no vector', async () => {
    const paragraphs = Array.from({ length: 40 }, (_, at) =>
      `Paragraph ${at} about a river crossing. `.repeat(8),
    )
    await add('Bare', paragraphs.join('\n\n'))
    await run()
    await doors(tenant).write(tx =>
      tx.run(sql`delete from app.vector_1 where tenant_id = ${tenant} and chunk_id in (
        select id from app.chunk where tenant_id = ${tenant} and ordinal % 2 = 0)`),
    )
    const answer = await hybrid('river crossing')
    expect(titles(answer)).toEqual(['Bare'])
    expect(answer.hits[0]!.vector_score).toBeGreaterThan(0)
  })
  test('answers when the query has no vector, and says so', async () => {
    await add('Bare', 'A river crossing !!!')
    await run()
    const answer = await hybrid('!!!')
    expect(answer).toMatchObject({
      degraded: 'The query holds nothing to embed: ranked by words only.',
      hits: [],
    })
  })
  test.each([
    ['is down', () => Promise.reject(fault('unavailable')), 'could not be embedded'],
    ['answers with NaN', wrong(Number.NaN), 'could not be embedded'],
    ['answers with another dimension', wrong(1, 8), 'could not be embedded'],
    ['answers nothing', () => Promise.resolve([]), 'could not be embedded'],
  ] as [string, Embed, string][])('goes by words when the embedder %s', async (_, bad, why) => {
    await add('Bare', 'A river crossing in the north.')
    await run()
    embed = bad
    const answer = await expectByWords()
    expect(answer).toMatchObject({
      weights: { bm25: 1, vector: 0 },
      degraded: `The query ${why}: ranked by words only.`,
    })
    expect(answer.searched).not.toHaveProperty('embedding_model')
  })
  test('does not wait for a slow embedder, whose call runs on', async () => {
    await add('Bare', 'A river crossing in the north.')
    const release = Promise.withResolvers<void>()
    let finished = 0
    embed = async texts => {
      await release.promise
      finished++
      return good(texts)
    }
    let degraded = 0
    for (let at = 0; at < 5; at++)
      degraded += (await hybrid('river crossing', {}, 20)).degraded === undefined ? 0 : 1
    expect([degraded, finished]).toEqual([5, 0])
    release.resolve()
    await expect.poll(() => finished).toBe(5)
  })
})
