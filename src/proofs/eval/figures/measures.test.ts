// The measures against figures worked out by hand.
import { describe, expect, test } from 'vitest'
import { mean, measure, percentile } from './measures.ts'

const grades = new Map([
  ['a', 2],
  ['b', 1],
  ['c', 0],
  ['d', -1],
])

describe('nDCG@10', () => {
  test('has linear gains, discounted by the logarithm of the rank, against the best order of all judged', () => {
    // (1/log2(2) + 2/log2(4)) / (2/log2(2) + 1/log2(3)) = 2 / 2.63092975
    expect(measure(grades, ['b', 'x', 'a']).ndcg).toBeCloseTo(0.760188, 6)
    expect(measure(grades, ['a', 'b']).ndcg).toBe(1)
  })

  test('takes negative grades and documents nobody judged for not relevant', () => {
    // 1/log2(4) / 2.63092975
    expect(measure(grades, ['d', 'x', 'b']).ndcg).toBeCloseTo(0.190047, 6)
    expect(measure(grades, ['d', 'c', 'x']).ndcg).toBe(0)
  })

  test('looks at ten ranks and no further', () => {
    const nine = Array.from({ length: 9 }, (_, at) => `x${at}`)
    // 2/log2(11) / 2.63092975
    expect(measure(grades, [...nine, 'a']).ndcg).toBeCloseTo(0.219743, 6)
    expect(measure(grades, [...nine, 'x', 'a']).ndcg).toBe(0)
  })

  test('has the best ten of all judged for its ideal, however many there are', () => {
    const many = new Map(Array.from({ length: 12 }, (_, at) => [`r${at}`, 1]))
    expect(measure(many, [...many.keys()].slice(0, 10)).ndcg).toBe(1)
  })
})

test('MRR@10 is one over the rank of the first relevant document among ten', () => {
  expect(measure(grades, ['x', 'c', 'd', 'b', 'a']).reciprocalRank).toBe(1 / 4)
  expect(measure(grades, [...'0123456789'.split(''), 'a']).reciprocalRank).toBe(0)
})

test('recall@100 is the share of the relevant documents among a hundred, of the deep ranking', () => {
  const deep = Array.from({ length: 99 }, (_, at) => `x${at}`)
  expect(measure(grades, ['x'], [...deep, 'a', 'b']).recall).toBe(0.5)
  expect(measure(grades, ['x'], ['a', 'b']).recall).toBe(1)
})

test('a query that finds nothing counts 0', () => {
  expect(measure(grades, [])).toEqual({ ndcg: 0, recall: 0, reciprocalRank: 0 })
})

test('percentiles are values that were measured; the mean of none is 0', () => {
  const times = Array.from({ length: 100 }, (_, at) => 100 - at)
  expect([0.5, 0.95, 0.99].map(share => percentile(times, share))).toEqual([50, 95, 99])
  expect(percentile([7], 0.5)).toBe(7)
  expect(mean([])).toBe(0)
})
