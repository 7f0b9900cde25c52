import { describe, expect, test } from 'vitest'
import { reasons, verdict } from './reasons.ts'
import type { Narrowed, Standing } from './standing.ts'

const terms = [{ term: 'pike', tf: 1, passages: 1 }]
const words = { documents: 90, terms, missing: [] }
const vector = { documents: 80, passages: 3, vectors: 3, pending: 0, similarity: 0.4 }
const standing = (more: Partial<Standing>): Standing => ({
  limit: 10,
  depth: 50,
  narrowing: [],
  words,
  vector,
  corrections: [],
  otherwise: [],
  ...more,
})
const codes = (more: Partial<Standing>): string[] => reasons(standing(more)).map(({ code }) => code)
const verdictOf = (more: Partial<Standing>): string => verdict(standing(more), reasons(standing(more)))
const phrase = (text: string, ...chunks: string[]): Narrowed => ({
  kind: 'phrase',
  text,
  holds: chunks.length > 0,
  chunks,
  has: [],
})

describe('what leaves a document out', () => {
  test('stands alone, and all of it is told', () => {
    const narrowing: Narrowed[] = [
      { kind: 'condition', text: 'label', holds: false, chunks: [], has: [] },
      { kind: 'excluded', text: 'draft', holds: true, chunks: ['c'], has: [] },
      phrase('no deal'),
      phrase('a deal', 'c'),
    ]
    expect(codes({ narrowing })).toEqual(['filter', 'excluded', 'phrase_missing'])
    expect(verdictOf({ narrowing })).toBe(
      'The search leaves it out: it does not meet the filter’s label (it has none); it holds “draft”, which the query excludes; no passage of it holds “no deal” as quoted.',
    )
  })
  test('is nothing that it meets', () => {
    const narrowing: Narrowed[] = [
      { kind: 'condition', text: 'label', holds: true, chunks: [], has: ['a'] },
      { kind: 'excluded', text: 'draft', holds: false, chunks: [], has: [] },
      phrase('one', 'c1', 'c2'),
      phrase('two', 'c2', 'c3'),
    ]
    expect(codes({ narrowing })).toEqual(['no_words', 'unlike'])
    expect(codes({ narrowing: [...narrowing, phrase('three', 'c1', 'c3')] })).toEqual(['phrases_apart'])
  })
})

describe('words', () => {
  test('beyond the candidates, or within them and left unread', () => {
    expect(codes({ words: { ...words, rank: 51, score: 1 } })[0]).toBe('words_beyond_candidates')
    expect(codes({ words: { ...words, rank: 50, score: 1 } })[0]).toBe('words_left_unread')
    expect(codes({ words: { ...words, rank: 51, score: 1 }, depth: 500 })[0]).toBe('words_left_unread')
  })
  test('that are missing are named where others put it in its place', () => {
    const fused = { place: 12, score: 0.01, byWords: true, byVector: false }
    const told = reasons(standing({ fused, words: { ...words, rank: 2, score: 1.5, missing: ['eel'] } }))
    expect(told.map(({ say }) => say)).toContain(
      'By words it is number 2 of 90 (BM25 1.500); its best passage lacks eel.',
    )
  })
})

describe('likeness', () => {
  test('beyond the candidates, or within them and passed over', () => {
    expect(codes({ vector: { ...vector, rank: 51 } })[1]).toBe('likeness_beyond_candidates')
    expect(codes({ vector: { ...vector, rank: 50 } })[1]).toBe('likeness_overlooked')
  })
  test('of a part, while the vectors of other passages are still to be made', () => {
    expect(codes({ vector: { ...vector, pending: 1, vectors: 2 } })).toEqual([
      'no_words',
      'unlike',
      'vector_pending',
    ])
  })
})

test('a verdict is one sentence', () => {
  const fused = { place: 3, score: 0.01, byWords: true, byVector: true }
  expect(verdictOf({ fused })).toBe('It is hit 3.')
  expect(verdictOf({ fused, limit: 2, last: { score: 0.02 } })).toBe(
    'It is number 3, and 2 were asked for: other documents are better: its score is 0.01000, the last hit shown has 0.02000.',
  )
  expect(verdictOf({ vector: { ...vector, similarity: -0.1 } })).toBe(
    'The search does not find it: it holds none of the words looked up: pike; its nearest passage is not like the query (cosine -0.100; above 0 counts).',
  )
})
