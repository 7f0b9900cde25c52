import { describe, expect, test } from 'vitest'
import { requestOf, type SearchOptions } from './search-settings.ts'

const request = (options: Partial<SearchOptions>) => requestOf(['a', 'b'], { user: 'operator', ...options })

test('which operation is asked, and with what', () => {
  expect(request({})).toEqual({ operation: 'hybrid_search', input: { query: 'a b', explain: false } })
  expect(request({ words: true, limit: '3', explain: true })).toEqual({
    operation: 'search_documents',
    input: { query: 'a b', limit: 3, explain: true },
  })
  expect(request({ weights: '3:.5' }).input).toMatchObject({ bm25_weight: 3, vector_weight: 0.5 })
  expect(request({ document: 'd', words: true })).toEqual({
    operation: 'explain_search',
    input: { query: 'a b', document: 'd', bm25_weight: 1, vector_weight: 0 },
  })
})

test('what narrows the search', () => {
  const { input } = request({
    label: ['x', 'y'],
    collection: ['c'],
    language: ['german'],
    fileType: ['pdf'],
    filter: ['status=final', 'year>=2020', 'year<2024', 'tag=a', 'tag="1"', 'depth=3', 'formula=a=b'],
  })
  expect(input['filter']).toEqual({
    labels: ['x', 'y'],
    collections: ['c'],
    languages: ['german'],
    file_types: ['pdf'],
    metadata: {
      status: 'final',
      tag: { in: ['a', '1'] },
      depth: 3,
      formula: 'a=b',
      year: { gte: 2020, lt: 2024 },
    },
  })
})

describe('what is refused', () => {
  test.each([
    [{ words: true, weights: '1:1' }, '--words and --weights cannot both be given.'],
    [{ weights: '1' }, '--weights takes two numbers, words:likeness as in 3:1, got 1.'],
    [{ weights: '-1:2' }, '--weights takes two numbers'],
    [{ limit: 'ten' }, '--limit takes a whole number, got ten.'],
    [{ limit: '-1' }, '--limit takes a whole number'],
    [{ filter: ['status'] }, '--filter takes key=value'],
    [{ filter: ['=final'] }, '--filter takes key=value'],
    [{ filter: ['year=2020', 'year>2021'] }, '--filter has a value and a bound for year'],
  ])('%j', (options, say) => {
    expect(() => request(options)).toThrow(say)
  })
})
