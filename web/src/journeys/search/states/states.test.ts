import { expect, test } from 'vitest'
import { examplesOf } from './examples.ts'
import { unexcluded, unquoted, waysOut } from './loosen.ts'

test('examples come from titles, of different kinds first, and one is a phrase', () => {
  const documents = [
    { title: 'Vendor Risk Management Policy', labels: ['policy'] },
    { title: 'Travel Policy', labels: ['policy'] },
    { title: 'Smith v. Jones 2024 - Case Note', labels: ['case-law'] },
    { title: '“Odd” -title: more', labels: ['odd'] },
    { title: 'Menu', labels: [] },
  ]
  expect(examplesOf(documents).map(({ query }) => query)).toEqual([
    'Vendor Risk Management Policy',
    'Smith v. Jones 2024',
    'Odd title',
    'Travel Policy',
    '"management policy"',
  ])
  expect(examplesOf([])).toEqual([])
})

test('a query is loosened without losing its other words', () => {
  expect(unquoted('breach "72 hours" “works council”')).toBe('breach 72 hours works council')
  expect(unexcluded('data-driven breach -draft -"old version" notice')).toBe('data-driven breach notice')
})

test('what narrows a search can be taken away, part by part and all at once', () => {
  const params = { q: '"72 hours" breach -draft', labels: ['policy'], n: 20 } as const
  const ways = waysOut({ phrases: ['72 hours'], excluded: ['draft'] }, params)
  expect(ways.map(({ words, params: { q, labels } }) => [words, q, labels])).toEqual([
    ['Without the filter', params.q, undefined],
    ['Without the quotes', '72 hours breach -draft', ['policy']],
    ['Without the exclusions', '"72 hours" breach', ['policy']],
    ['Without any of these', '72 hours breach', undefined],
  ])
  expect(waysOut({}, { q: 'breach' })).toEqual([])
  expect(waysOut({}, { q: 'breach', words: 100 }).map(({ params: { words } }) => words)).toEqual([50])
})
