import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Cache } from '../../../platform/cache/cache.ts'
import { memoryCache } from '../../../platform/cache/memory-cache.ts'
import { embedQuery } from './embed-query.ts'
import { queryVectors, type QueryVectors } from './query-vectors.ts'
import type { SearchModel } from './search-model.ts'

let now: number
let asked: string[]
let embed: (text: string) => Promise<Float32Array | null | undefined>
let vectors: QueryVectors
const memory = () => memoryCache({ maxBytes: 1_000_000, maxEntries: 400, now: () => now })
beforeEach(() => {
  now = 0
  asked = []
  embed = () => Promise.resolve(Float32Array.of(0.5, 0.25))
  vectors = queryVectors({ cache: memory() })
})

const modelOf = (number = 1, name = 'm', dimension = 2): SearchModel => ({
  number,
  name,
  dimension,
  embedder: {
    model: { number, name, dimension },
    embed: async texts => {
      asked.push(...texts)
      return [await embed(texts[0]!)] as Float32Array[]
    },
  },
})
const model = modelOf()
const search = (more: object = {}, query = 'boats') =>
  embedQuery(model, {
    query,
    weights: { bm25: 0.5, vector: 0.5 },
    withinMs: 10_000,
    signal: new AbortController().signal,
    vectorOf: (...of) => vectors('a', ...of),
    ...more,
  })

describe('the model is asked once', () => {
  test('for equal queries of a tenant at the same time, and for those that follow within ten minutes', async () => {
    const all = await Promise.all([search(), search(), search({}, '  boats\n')])
    expect(all.map(({ vector }) => vector)).toEqual(Array(3).fill(Float32Array.of(0.5, 0.25)))
    now = 599_999
    expect((await search()).vector).toEqual(Float32Array.of(0.5, 0.25))
    expect(asked).toEqual(['boats'])
    now = 600_000
    await search()
    expect(asked).toEqual(['boats', 'boats'])
  })

  test('for a query that holds nothing to embed', async () => {
    embed = () => Promise.resolve(null)
    for (let again = 0; again < 2; again++)
      expect(await search()).toMatchObject({
        vector: null,
        degraded: 'The query holds nothing to embed: ranked by words only.',
      })
    expect(asked).toHaveLength(1)
  })

  test('RL28 but anew for another tenant, model, name or query, at the same time and later', async () => {
    const different = () =>
      Promise.all([
        vectors('a', model, 'boats'),
        vectors('b', model, 'boats'),
        vectors('a', modelOf(2), 'boats'),
        vectors('a', modelOf(1, 'n'), 'boats'),
        vectors('a', model, 'Boats'),
      ])
    await different()
    expect(asked).toHaveLength(5)
    await different()
    expect(asked).toHaveLength(5)
  })
})

describe('a search that stops waiting', () => {
  test('for time leaves the vector to the next one', async () => {
    const late = Promise.withResolvers<Float32Array>()
    embed = () => late.promise
    expect(await search({ withinMs: 1 })).toEqual({
      vector: null,
      weights: { bm25: 1, vector: 0 },
      degraded: 'The query could not be embedded in time: ranked by words only.',
    })
    late.resolve(Float32Array.of(1, 0))
    await wait(0)
    expect(await search({ withinMs: 10_000 })).toMatchObject({ vector: Float32Array.of(1, 0) })
    expect(asked).toHaveLength(1)
  })

  test('because its caller went away takes nothing from those who wait for the same', async () => {
    const late = Promise.withResolvers<Float32Array>()
    embed = () => late.promise
    const gone = new AbortController()
    const both = Promise.allSettled([search({ signal: gone.signal }), search()])
    gone.abort()
    late.resolve(Float32Array.of(1, 0))
    expect(await both).toMatchObject([
      { status: 'rejected', reason: { code: 'cancelled' } },
      { status: 'fulfilled', value: { vector: Float32Array.of(1, 0) } },
    ])
    expect(asked).toHaveLength(1)
  })
})

describe('failures', () => {
  test.each([
    ['of the model', () => Promise.reject(new Error('down'))],
    ['with a vector of another length', () => Promise.resolve(Float32Array.of(1))],
    ['with what is no number', () => Promise.resolve(Float32Array.of(1, Number.NaN))],
    ['with no vector at all', () => Promise.resolve(undefined)],
  ])('%s are said and not kept', async (_, failing) => {
    embed = failing
    expect(await search()).toMatchObject({
      vector: null,
      degraded: 'The query could not be embedded: ranked by words only.',
    })
    embed = () => Promise.resolve(Float32Array.of(0, 1))
    expect(await search()).toMatchObject({ vector: Float32Array.of(0, 1) })
  })

  test.each<[string, Partial<Cache>]>([
    [
      'is away',
      { get: () => Promise.reject(new Error('away')), set: () => Promise.reject(new Error('away')) },
    ],
    ['holds bytes of something else', { get: () => Promise.resolve(new Uint8Array(7)) }],
  ])('a cache that %s is none', async (_, broken) => {
    vectors = queryVectors({ cache: { ...memory(), ...broken } })
    expect(await search()).toMatchObject({ vector: Float32Array.of(0.5, 0.25) })
    expect(await search()).toMatchObject({ vector: Float32Array.of(0.5, 0.25) })
    expect(asked).toHaveLength(2)
  })
})
