import { expect, test } from 'vitest'
import type { SearchHit } from '../hits/search-hit.ts'
import { columnsOf, linesBetween } from './columns.ts'

const hit = (doc_id: string, branch: 'lexical' | 'vector', rank: number): SearchHit => ({
  doc_id,
  title: doc_id,
  content: '',
  tenant_id: 't',
  bm25_score: 0,
  vector_score: 0,
  score: 0,
  document_version: 1,
  chunk_start: 0,
  chunk_end: 1,
  heading: '',
  highlights: [],
  explanation: { [branch]: { rank, score: 1, contribution: 0, terms: [] } },
})

test('each document says where it stands in each column, and lines join its rows', () => {
  const branches = {
    words: [hit('b', 'lexical', 2), hit('a', 'lexical', 1), hit('c', 'lexical', 3)],
    likeness: [hit('c', 'vector', 1), hit('d', 'vector', 2)],
  }
  const both = [hit('c', 'vector', 1), hit('a', 'lexical', 1)]
  const columns = columnsOf(branches, both, 2)
  expect(columns.words.map(({ hit: { doc_id }, places }) => [doc_id, places])).toEqual([
    ['a', { words: 1, both: 2 }],
    ['b', { words: 2 }],
  ])
  expect(columns.both[0]?.places).toEqual({ words: 3, both: 1, likeness: 1 })
  expect(linesBetween(columns.words, columns.both)).toEqual([{ id: 'a', from: 0, to: 1 }])
  expect(linesBetween(columns.both, columns.likeness)).toEqual([{ id: 'c', from: 0, to: 0 }])
})
