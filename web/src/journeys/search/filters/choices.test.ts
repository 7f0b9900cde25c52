import { describe, expect, test } from 'vitest'
import { choicesOf, type DocumentRow, narrowings, toggled, withMeta } from './choices.ts'

const row = (more: Partial<DocumentRow>): DocumentRow => ({
  labels: [],
  language: 'english',
  file_type: 'pdf',
  metadata: {},
  ...more,
})

describe('what can be chosen', () => {
  test('is what the documents have, the most frequent first', () => {
    const choices = choicesOf([
      row({ labels: ['b', 'a'], collection: 'contracts' }),
      row({ labels: ['b'], language: 'german', metadata: { client: 'Ardenmoor', closed: true } }),
      row({ labels: ['c'], file_type: 'docx', metadata: { client: 'Brennicke' } }),
    ])
    expect(choices.labels.map(({ value }) => value)).toEqual(['b', 'a', 'c'])
    expect(choices.collections).toEqual([{ value: 'contracts', documents: 1 }])
    expect(choices.languages[0]).toEqual({ value: 'english', documents: 2 })
    expect(choices.types.map(({ value }) => value)).toEqual(['pdf', 'docx'])
    expect(choices.meta.map(({ key, kind }) => [key, kind])).toEqual([
      ['client', 'values'],
      ['closed', 'values'],
    ])
  })
  test('is bounds, where a key has many numbers or dates', () => {
    const many = Array.from({ length: 9 }, (_, at) =>
      row({ metadata: { year: 2016 + at, signed: `2024-0${at + 1}-01`, note: `n${at}` } }),
    )
    expect(choicesOf(many).meta.map(({ key, kind }) => [key, kind])).toEqual([
      ['note', 'values'],
      ['signed', 'date'],
      ['year', 'number'],
    ])
  })
})

describe('what is narrowed by', () => {
  test('is told one by one, and each can go', () => {
    const filter = {
      labels: ['a', 'b'],
      meta: { year: { gte: 2020, lte: 2024 }, client: { in: ['x', 'y'] } },
    }
    expect(narrowings(filter).map(({ words }) => words)).toEqual([
      'label: a',
      'label: b',
      'year: 2020 to 2024',
      'client: x or y',
    ])
    expect(narrowings(filter)[0]?.without).toEqual({ labels: ['b'], meta: filter.meta })
    expect(withMeta(withMeta(filter, 'year', undefined), 'client', undefined)).toEqual({ labels: ['a', 'b'] })
  })
  test('comes and goes with one click', () => {
    expect(toggled({}, 'types', 'pdf')).toEqual({ types: ['pdf'] })
    expect(toggled({ types: ['pdf'] }, 'types', 'pdf')).toEqual({})
  })
})
