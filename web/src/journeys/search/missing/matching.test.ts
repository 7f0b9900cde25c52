import { expect, test } from 'vitest'
import { matching } from './matching.ts'

const documents = [
  { document_id: '1', title: 'The breach plan', external_id: 'acme/plan' },
  { document_id: '2', title: 'Breach Notification' },
  { document_id: '3', title: 'Lunch menu' },
]
const found = (typed: string) => matching(documents, typed, 10).map(({ document_id }) => document_id)

test('a document is found by words of its title in any order, or by its id', () => {
  expect(found('breach')).toEqual(['2', '1'])
  expect(found('PLAN breach')).toEqual(['1'])
  expect(found('acme/')).toEqual(['1'])
  expect(found('')).toEqual(['1', '2', '3'])
  expect(found('nothing like it')).toEqual([])
})
