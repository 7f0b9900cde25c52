import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkedVectors } from './checked-vectors.ts'

const two = { count: 2, dimension: 3 }
const good = [1, 2, 2]

test('good vectors come back in order, with length 1', () => {
  expect(checkedVectors([good, [0, 0, -7]], two)).toEqual([
    Float32Array.of(1 / 3, 2 / 3, 2 / 3),
    Float32Array.of(0, 0, -1),
  ])
  expect(checkedVectors([], { count: 0, dimension: 3 })).toEqual([])
})

const sparse: unknown[] = [1, 2]
sparse.length = 3

describe('nothing at all is used of an answer with', () => {
  test.each<[string, unknown]>([
    ['no list', { 0: good, 1: good, length: 2 }],
    ['null', null],
    ['words', '[[1,2,2],[1,2,2]]'],
    ['nothing', undefined],
    ['no vectors', []],
    ['fewer vectors', [good]],
    ['more vectors', [good, good, good]],
    ['a null for a vector', [good, null]],
    ['an object for a vector', [good, { 0: 1, 1: 2, 2: 2, length: 3 }]],
    ['words for a vector', [good, '1,2,3']],
    ['a shorter vector', [good, [1, 2]]],
    ['a longer vector', [good, [1, 2, 2, 2]]],
    ['an empty vector', [good, []]],
    ['NaN, which JSON writes as null', [good, [1, null, 2]]],
    ['NaN itself', [good, [1, Number.NaN, 2]]],
    ['1e400, which JSON reads as infinite', JSON.parse('[[1,2,2],[1,1e400,2]]')],
    ['minus infinity', [good, [1, -Infinity, 2]]],
    ['numbers as strings', [good, ['1', '2', '2']]],
    ['nested numbers', [good, [[1], [2], [2]]]],
    ['true', [good, [1, true, 2]]],
    ['a hole', [good, sparse]],
    ['zeros', [good, [0, 0, -0]]],
    ['numbers too large to square', [good, [1e200, 1, 1]]],
    ['a vector out of measure', [good, [1e7, 1, 1]]],
    ['a vector of dust', [good, [1e-9, 0, 0]]],
  ])('%s', (_, answer) => {
    let thrown: unknown
    try {
      checkedVectors(answer, two)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'unavailable', reason: 'bad_embedding' })
  })
})

test('whatever the answer is, what gets out has length 1 and the right dimension, or nothing gets out', () => {
  const number = fc.oneof(fc.double(), fc.double({ min: -2, max: 2 }), fc.constantFrom(0, null, '1', 1e300))
  const vector = fc.array(number, { minLength: 2, maxLength: 4 })
  fc.assert(
    fc.property(fc.array(vector, { minLength: 1, maxLength: 3 }), answer => {
      try {
        for (const one of checkedVectors(answer, two)) {
          expect(one).toHaveLength(3)
          expect(Math.hypot(...one)).toBeCloseTo(1, 5)
        }
      } catch (error) {
        expect(error).toMatchObject({ reason: 'bad_embedding' })
      }
    }),
    { numRuns: 500 },
  )
})
