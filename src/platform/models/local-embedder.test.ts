import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { vectorText } from './embedder.ts'
import { localEmbedder, ngramVector } from './local-embedder.ts'

const likeness = (a: string, b: string): number => {
  const [x, y] = [ngramVector(a)!, ngramVector(b)!]
  return x.reduce((sum, value, at) => sum + value * y[at]!, 0)
}

test('the same text has the same vector, today and tomorrow', () => {
  // Stored vectors were made by this very function: when these numbers change, the model number must.
  const vector = ngramVector('Data breach notification')!
  expect(vector).toHaveLength(384)
  expect(digest(vector)).toBe('13:0.128 27:-0.128 32:0.128 36:0.128 42:0.128 51:-0.128')
})
test('a vector has length 1; a text without a letter or digit has none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), text => {
      const vector = ngramVector(text)
      if (vector === null)
        return !/[\p{L}\p{N}]/u.test(text.normalize('NFKC').toLowerCase()) || sumsToNothing(text)
      return Math.abs(Math.hypot(...vector) - 1) < 1e-5
    }),
  )
  expect(ngramVector('--- !? ---')).toBeNull()
  expect(ngramVector('')).toBeNull()
})
// Two n-grams of opposite sign in one place can cancel out; with one or two n-grams that is all there is.
const sumsToNothing = (text: string): boolean => text.length <= 4

test('a misspelling is nearer than another word', () => {
  expect(likeness('machien learning', 'machine learning')).toBeGreaterThan(0.6)
  expect(likeness('machien learning', 'contract liability')).toBeLessThan(0.15)
})
test('forms of a word are near each other', () => {
  expect(likeness('notification', 'notifications')).toBeGreaterThan(0.8)
})
test('case, width and composition of letters do not matter', () => {
  expect(likeness('Ｒésumé', 're\u0301sume\u0301'.toUpperCase())).toBeCloseTo(1, 5)
})
test('it is not semantic: a synonym is as far as any word', () => {
  expect(Math.abs(likeness('car', 'automobile'))).toBeLessThan(0.2)
})

describe('a batch', () => {
  const long = Array.from({ length: 1_000 }, (_, at) => `passage ${at} `.repeat(80))

  test('is answered in order, null where there is nothing to embed', async () => {
    const [one, nothing, two] = await localEmbedder().embed(['one', '…', 'two'])
    expect(one).toEqual(ngramVector('one'))
    expect(nothing).toBeNull()
    expect(two).toEqual(ngramVector('two'))
  })
  test('hands the thread back while it runs', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await localEmbedder().embed(long)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(3)
  })
  test('stops when the caller is gone', async () => {
    const caller = new AbortController()
    const embedding = localEmbedder().embed(long, caller.signal)
    caller.abort()
    await expect(embedding).rejects.toMatchObject({ code: 'cancelled' })
  })
})

test('as text it is what pgvector reads', () => {
  expect(vectorText(Float32Array.of(0.123456789, -1, 0, 1e-7))).toBe('[0.12346,-1,0,1e-7]')
})

/** The first places that hold something, to three digits. */
function digest(vector: Float32Array): string {
  const held = Array.from(vector, (value, place) => `${place}:${value.toFixed(3)}`).filter(
    one => !one.endsWith(':0.000'),
  )
  return held.slice(0, 6).join(' ')
}
