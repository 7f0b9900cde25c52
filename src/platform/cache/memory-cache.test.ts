import { beforeEach, describe, expect, test } from 'vitest'
import { forgiving, type Cache } from './cache.ts'
import { memoryCache } from './memory-cache.ts'
import { singleFlight } from './single-flight.ts'

let now = 0
beforeEach(() => {
  now = 0
})
const cacheOf = (more: object = {}): Cache =>
  memoryCache({ maxBytes: 1_000_000, maxEntries: 400, now: () => now, ...more })
const bytes = (text: string) => Buffer.from(text)
const textOf = async (cache: Cache, tenantId: string, key: string) => {
  const value = await cache.get(tenantId, key)
  return value === undefined ? undefined : Buffer.from(value).toString()
}
const there = async (cache: Cache, tenantId: string, keys: readonly string[]) => {
  const found: string[] = []
  for (const key of keys) if ((await cache.get(tenantId, key)) !== undefined) found.push(key)
  return found
}
const keys = (count: number) => Array.from({ length: count }, (_, at) => `k${at}`)

describe('what is set', () => {
  test('is there until its time is over, however often it is read', async () => {
    const cache = cacheOf()
    await cache.set('a', 'k', bytes('v'), 1_000)
    for (now = 0; now < 1_000; now += 100) expect(await textOf(cache, 'a', 'k')).toBe('v')
    expect(await textOf(cache, 'a', 'k')).toBeUndefined()
    now = 0
    expect(await textOf(cache, 'a', 'k')).toBeUndefined()
  })

  test("is another tenant's under no key", async () => {
    const cache = cacheOf()
    await cache.set('a', 'k', bytes('of a'), 1_000)
    expect(await textOf(cache, 'b', 'k')).toBeUndefined()
    await cache.set('b', 'k', bytes('of b'), 1_000)
    expect([await textOf(cache, 'a', 'k'), await textOf(cache, 'b', 'k')]).toEqual(['of a', 'of b'])
  })

  test('takes the place of what was there', async () => {
    const cache = cacheOf()
    await cache.set('a', 'k', bytes('old'), 1_000)
    await cache.set('a', 'k', bytes('new'), 1_000)
    expect(await textOf(cache, 'a', 'k')).toBe('new')
  })

  test('is forgotten with all that its tenant has, and nobody else loses anything', async () => {
    const cache = cacheOf()
    for (const tenantId of ['a', 'b'])
      for (const key of keys(3)) await cache.set(tenantId, key, bytes(key), 1_000)
    await cache.forget('a')
    expect([await there(cache, 'a', keys(3)), await there(cache, 'b', keys(3))]).toEqual([[], keys(3)])
  })
})

describe('bounds', () => {
  test('the least recently used goes first, and one tenant holds a quarter of the entries at most', async () => {
    const cache = cacheOf({ maxEntries: 16 })
    for (const key of keys(4)) await cache.set('a', key, bytes(key), 1_000)
    await cache.get('a', 'k0')
    await cache.set('a', 'k4', bytes('k4'), 1_000)
    expect(await there(cache, 'a', keys(5))).toEqual(['k0', 'k2', 'k3', 'k4'])
  })

  test('one tenant holds a quarter of the bytes at most; a value that is larger is not kept', async () => {
    const cache = cacheOf({ maxBytes: 40_000 })
    for (const key of keys(5)) await cache.set('a', key, new Uint8Array(2_000), 1_000)
    expect(await there(cache, 'a', keys(5))).toEqual(['k1', 'k2', 'k3', 'k4'])
    await cache.set('b', 'large', new Uint8Array(10_001), 1_000)
    expect(await there(cache, 'b', ['large'])).toEqual([])
  })

  test('when all is full whoever holds most pays: a small tenant loses nothing to the load of others', async () => {
    const cache = cacheOf({ maxEntries: 40 })
    for (const key of keys(3)) await cache.set('small', key, bytes(key), 1_000)
    for (let round = 0; round < 200; round++)
      for (const tenantId of ['a', 'b', 'c', 'd', 'e'])
        await cache.set(tenantId, `k${round}`, bytes('x'), 1_000)
    expect(await there(cache, 'small', keys(3))).toEqual(keys(3))
    let held = 0
    for (const tenantId of ['a', 'b', 'c', 'd', 'e']) held += (await there(cache, tenantId, keys(200))).length
    expect(held).toBe(37)
  })

  test('what is over and never asked for again makes room when somebody stores', async () => {
    const cache = cacheOf({ maxEntries: 16 })
    for (const tenantId of ['a', 'b', 'c', 'd'])
      for (const key of keys(4)) await cache.set(tenantId, key, bytes(key), 1_000)
    now = 10_000
    await cache.set('a', 'new', bytes('x'), 1_000)
    // Back in time they would still be good, had they not gone.
    now = 0
    expect(await there(cache, 'b', keys(4))).toEqual([])
    expect(await there(cache, 'a', ['new'])).toEqual(['new'])
  })
})

test('a cache that fails looks like one that holds nothing', async () => {
  const away = () => Promise.reject(new Error('away'))
  const cache = forgiving({ get: away, set: away, forget: away })
  expect(await cache.get('a', 'k')).toBeUndefined()
  await cache.set('a', 'k', bytes('v'), 1)
  await cache.forget('a')
})

describe('a single flight', () => {
  test('does equal work once while it is under way, and anew when it is over, done or failed', async () => {
    const once = singleFlight<number>()
    let done = 0
    const work = async () => {
      await Promise.resolve()
      if (++done === 2) throw new Error('second')
      return done
    }
    expect(await Promise.all([once('k', work), once('k', work), once('k', work)])).toEqual([1, 1, 1])
    await expect(Promise.all([once('k', work), once('k', work)])).rejects.toThrow('second')
    expect(await Promise.all([once('k', work), once('other', work)])).toEqual([3, 4])
  })
})
