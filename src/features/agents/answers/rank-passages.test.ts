import { expect, test } from 'vitest'
import type { Unranked } from './passage.ts'
import { rankPassages } from './rank-passages.ts'

const found = (doc_id: string, score: number, content: string): Unranked => ({
  doc_id,
  score,
  content,
  title: doc_id,
  document_version: 1,
  start: 0,
  end: content.length,
})
const idsOf = (passages: readonly Unranked[], limit: number) =>
  rankPassages(passages, limit).map(({ n, doc_id }) => `${n} ${doc_id}`)

test('the best by score come first, numbered from 1, and no more than wanted', () => {
  const passages = ['one thing', 'another matter', 'a third point'].map((text, at) =>
    found(`d${at}`, at, text),
  )
  expect(idsOf(passages, 2)).toEqual(['1 d2', '2 d1'])
  expect(idsOf([], 5)).toEqual([])
})

test('LL06 copies of one text, each changed a little, have one place; what only holds it has its own', () => {
  const words = Array.from({ length: 60 }, (_, at) => `word${at}`)
  const copies = Array.from({ length: 9 }, (_, at) =>
    found(
      `copy${at}`,
      9 - at / 10,
      words
        .with(at * 6, 'changed')
        .join(' ')
        .toUpperCase(),
    ),
  )
  const longer = found('longer', 1, `${words.join(' ')} ${words.map(word => `other-${word}x`).join(' ')}`)
  expect(idsOf([longer, ...copies], 5)).toEqual(['1 copy0', '2 longer'])
})

test('LL06 a document has two places at most', () => {
  const passages = ['one thing here', 'another matter there', 'a third point now'].map(text =>
    found('d', 1, text),
  )
  expect(idsOf([...passages, found('e', 0, 'something else')], 5)).toEqual(['1 d', '2 d', '3 e'])
})
