import { describe, expect, test } from 'vitest'
import { filterOf, searchParams, withoutFilter } from './search-params.ts'

describe('the address of a search', () => {
  test('says all of it, and comes back as it was', () => {
    const whole = {
      q: 'breach "72 hours" -draft',
      words: 35,
      n: 20,
      view: 'compare',
      why: '',
      labels: ['matter A-2041'],
      collections: ['contracts'],
      languages: ['english'],
      types: ['pdf'],
      meta: { year: { gte: 2020, lte: 2024 }, client: { in: ['Ardenmoor', true, 7] } },
    }
    expect(searchParams(whole)).toEqual(whole)
  })
  test('drops what it does not know', () => {
    const odd = {
      q: 7,
      words: 101,
      n: 11,
      view: 'x',
      why: 3,
      labels: 'a',
      collections: [1, ''],
      languages: ['klingon'],
      meta: { a: 1, b: { in: [{}] }, c: { gte: '' }, d: null },
      more: 1,
    }
    expect(searchParams(odd)).toEqual({})
  })
  test('becomes the filter of the server, and nothing without one', () => {
    expect(filterOf({})).toBeUndefined()
    expect(filterOf({ labels: ['a'], types: ['pdf'], meta: { year: { gte: 2020 } } })).toEqual({
      labels: ['a'],
      file_types: ['pdf'],
      metadata: { year: { gte: 2020 } },
    })
    expect(withoutFilter({ q: 'a', n: 20, labels: ['a'], meta: {} })).toEqual({ q: 'a', n: 20 })
  })
})
