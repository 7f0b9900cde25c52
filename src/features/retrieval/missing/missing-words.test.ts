import { expect, test } from 'vitest'
import { missingWords, typedWords } from './missing-words.ts'

// As the English index has them.
const TERMS: Record<string, string[]> = {
  pikes: ['pike'],
  reeds: ['reed'],
  'data-driven': ['data-driven', 'data', 'driven'],
  data: ['data'],
  driven: ['driven'],
  '4.2.1': ['4.2.1'],
  '4': ['4'],
  '2': ['2'],
  '1': ['1'],
}
const termsOf = (word: string): string[] => TERMS[word] ?? []
const held = (...terms: string[]) => terms.map(term => ({ term, tf: 1, passages: 1 }))
const missing = (text: string, held: Parameters<typeof missingWords>[1], isCut = false) =>
  missingWords(text, held, { termsOf, isCut })

test('a word is missed when none of its forms stands there, once, as it was typed', () => {
  expect(missing('The Pikes, REEDS and reeds', held('pike'))).toEqual(['reeds'])
  expect(missing('pikes', [{ term: 'pike', tf: 0, passages: 2 }])).toEqual(['pikes'])
})

test('words in one piece are missed one by one where the index takes them apart', () => {
  expect(missing('data-driven 4.2.1', held('data'))).toEqual(['driven', '4.2.1'])
  expect(missing('data-driven 4.2.1', held('data', 'driven', '4.2.1'))).toEqual([])
})

test('of words that were not looked up nothing is said', () => {
  expect(missing('pikes reeds', [{ term: 'pike', tf: 0, passages: 0 }], true)).toEqual(['pikes'])
})

test('the words asked about are the whole pieces and their parts', () => {
  expect(typedWords('Data-driven, data')).toEqual(['data-driven', 'data', 'driven'])
})
