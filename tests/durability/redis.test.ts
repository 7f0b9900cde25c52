// Limits that several processes share, on a real Redis that is stopped, frozen, flushed and restarted empty.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { memoryLimiter, type Limiter } from '../../src/gate/limits/memory-limiter.ts'
import { sharedLimiter } from '../../src/gate/limits/shared-limiter.ts'
import { openSharedStore, type SharedStore } from '../../src/platform/redis/shared-store.ts'
import { environment, ENGINE, until } from '../acceptance/server-process.ts'
import { noRedis, startRedis, type TestRedis } from '../harness/redis-server.ts'

const missing = noRedis()
if (missing !== undefined) console.warn(`tests/durability/redis.test.ts is skipped: ${missing}`)

/** Nothing of it comes back while a test runs. */
const limit = { name: 'tier', perSecond: 1 / 3_600, burst: 10 }

describe.runIf(ENGINE === 'postgres' && missing === undefined)('limits on Redis', () => {
  let redis: TestRedis
  let admin: Redis
  const opened: SharedStore[] = []
  beforeAll(async () => {
    redis = await startRedis()
    admin = new Redis(redis.url, { maxRetriesPerRequest: null })
    admin.on('error', () => undefined)
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) store.close()
    await admin.flushall()
  })
  afterAll(async () => {
    admin?.disconnect()
    await redis?.kill()
  })

  /** A process, as far as Redis can tell, and what it has said about Redis. Patient: the machine may be busy. */
  async function member(deadlineMs = 5_000): Promise<{
    limiter: Limiter
    store: SharedStore
    said: string[]
  }> {
    const said: string[] = []
    const store = await openSharedStore({
      url: redis.url,
      deadlineMs,
      onAway: () => void said.push('away'),
      onBack: () => void said.push('back'),
    })
    opened.push(store)
    return { limiter: sharedLimiter({ store }), store, said }
  }
  const taken = async (limiter: Limiter, times: number, key = 'a'): Promise<number> => {
    const all = await Promise.all(Array.from({ length: times }, () => limiter.take({ limit, key })))
    return all.filter(({ allowed }) => allowed).length
  }

  test('BU12 three processes at once get one burst between them, not one each', async () => {
    const file = fileURLToPath(new URL('./limit-taker.ts', import.meta.url))
    const run = async (): Promise<number> => {
      const options = { env: environment({}) }
      const { stdout } = await promisify(execFile)(process.execPath, [file, redis.url, '100'], options)
      return Number(stdout)
    }
    const each = await Promise.all([run(), run(), run()])
    expect(each.reduce((sum, one) => sum + one)).toBe(10)
  })

  test('BU13 every key has an end from the moment it is made', async () => {
    const { limiter } = await member()
    await limiter.takeAll([
      { limit, key: 'tenant' },
      { limit: { ...limit, name: 'user' }, key: 'tenant some {user}', weight: 3 },
    ])
    const keys = await admin.keys('*')
    expect(keys.toSorted()).toEqual([
      'gatehouse:processes',
      'gatehouse:{tenant}:tier:',
      'gatehouse:{tenant}:user:some {user}',
    ])
    for (const key of keys) expect(await admin.pttl(key), key).toBeGreaterThan(0)
  })

  test('all takings of a call or none, as in memory', async () => {
    const { limiter } = await member()
    const memory = memoryLimiter({ monotonicClock: () => 0 })
    const wide = { ...limit, name: 'tenant', burst: 20 }
    for (const weight of [0, 3, 4, 2, 5, 1, 30, 2]) {
      const takings = [
        { limit: wide, key: 't', weight },
        { limit, key: 't ada', weight },
        { limit, key: 't ada', weight: 1 },
      ]
      const rounded = ({ decisions }: Awaited<ReturnType<Limiter['takeAll']>>) =>
        decisions.map(({ allowed, remaining }) => ({ allowed, remaining }))
      expect(rounded(await limiter.takeAll(takings)), `weight ${weight}`).toEqual(
        rounded(await memory.takeAll(takings)),
      )
    }
  })

  test('BU15 stopped: each of two takes its half by itself, says so once, and goes back by itself', async () => {
    const [one, other] = [await member(), await member()]
    await until(() => one.store.processes() === 2, 'the first has heard of the second')
    expect(await taken(one.limiter, 10)).toBe(10)
    await redis.kill()
    expect(await taken(one.limiter, 50)).toBe(5)
    expect(await taken(other.limiter, 50)).toBe(5)
    expect(await taken(other.limiter, 50)).toBe(0)
    expect([one.said, other.said]).toEqual([['away'], ['away']])
    await redis.start()
    await until(() => one.said.length === 2 && other.said.length === 2, 'both are back')
    // Restarted empty: one burst between them, once.
    expect((await taken(one.limiter, 50)) + (await taken(other.limiter, 50))).toBe(10)
    expect(one.said).toEqual(['away', 'back'])
  })

  test('BU15 frozen: nobody waits for it to thaw', async () => {
    const { limiter, said, store } = await member(50)
    await store.ping()
    redis.freeze()
    try {
      expect(await taken(limiter, 50)).toBe(10)
      expect(said).toEqual(['away'])
      // Whoever looks at the system is told, and not kept waiting either.
      await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable' })
    } finally {
      redis.thaw()
    }
    await until(() => said.includes('back'), 'it is back')
  })

  test('flushed, scripts too: it goes on counting together, from full buckets', async () => {
    const [one, other] = [await member(), await member()]
    expect(await taken(one.limiter, 50)).toBe(10)
    await admin.flushall()
    await admin.script('FLUSH')
    expect((await taken(one.limiter, 50)) + (await taken(other.limiter, 50))).toBe(10)
    expect(one.said).toEqual([])
  })

  test('a process that starts while Redis is away counts by itself until it comes', async () => {
    await redis.kill()
    const { limiter, said } = await member()
    expect(said).toEqual(['away'])
    expect(await taken(limiter, 50)).toBe(10)
    await redis.start()
    await until(() => said.includes('back'), 'it has found Redis')
    expect(await taken(limiter, 50)).toBe(10)
  })
})
