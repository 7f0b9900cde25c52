// How rankings become modes and weights: as a search would have answered.
import { expect, test } from 'vitest'
import type { Ranking } from '../../../features/retrieval/rank-documents.ts'
import type { EvalSet } from '../set/read-set.ts'
import { score } from './score.ts'

const placed = (document: string, rank: number) => ({
  document_id: document,
  external_id: `key-${document}`,
  rank,
  score: 1 / rank,
})
const row = (document: string, rank: number, has_vector = true) => ({
  ...placed(document, rank),
  has_vector,
  citation_score: 0,
})
const ranking = (words: string[], vectors: string[], more: Partial<Ranking> = {}): Ranking => ({
  query: 'q',
  words: words.map((document, at) => row(document, at + 1)),
  vectors: vectors.map((document, at) => placed(document, at + 1)),
  milliseconds: 1,
  ...more,
})
const setOf = (...judged: Record<string, number>[]): EvalSet => ({
  folder: 'set',
  corpus: undefined,
  queries: judged.map((_, at) => ({ id: String(at), text: 'q' })),
  judgements: new Map(judged.map((grades, at) => [String(at), new Map(Object.entries(grades))])),
  leftOut: {
    queriesWithoutJudgements: 0,
    queriesWithoutRelevant: 0,
    judgedQueriesWithoutText: 0,
    queriesBeyondLimit: 0,
  },
})

test('each branch is scored alone, and both fused by their ranks', () => {
  const { modes } = score(setOf({ b: 1 }), [ranking(['a', 'b'], ['c', 'b'])])
  expect([modes.words, modes.vectors, modes.hybrid].map(mode => mode.reciprocalRank)).toEqual([0.5, 0.5, 1])
})

test('a judgement names a document by its external id or by its own', () => {
  const { modes } = score(setOf({ 'key-a': 1 }, { a: 1 }, { 'key-x': 1 }), [
    ranking(['a'], []),
    ranking(['a'], []),
    ranking(['a'], []),
  ])
  expect(modes.words.ndcg).toBeCloseTo(2 / 3, 12)
})

test('the weights 0 and 1 leave the other branch out', () => {
  const { sweep } = score(setOf({ b: 1 }), [ranking(['a'], ['b'])])
  expect([sweep.at(0)?.ndcg, sweep.at(-1)?.ndcg]).toEqual([1, 0])
  expect(sweep.map(({ wordWeight }) => wordWeight)).toEqual([
    0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
  ])
})

test('a query without a vector is ranked by its words, and found by no vector', () => {
  // Fused, b would lead: words count in full for a document without a vector.
  const words = [row('a', 1), row('b', 2, false)]
  const { modes, degraded } = score(setOf({ a: 1 }), [ranking([], [], { words, degraded: 'no vector' })])
  expect(modes.hybrid.reciprocalRank).toBe(1)
  expect(modes.vectors).toMatchObject({ ndcg: 0, queriesWithoutHits: 1 })
  expect(degraded).toBe(1)
})

test('the first ten are fused of as many candidates as a search takes, recall of all that were found', () => {
  const filler = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}${at}`)
  // At rank 51 of both branches: fused of a hundred it would be first.
  const { modes } = score(setOf({ b: 1 }), [ranking([...filler('w', 50), 'b'], [...filler('v', 50), 'b'])])
  expect(modes.hybrid).toMatchObject({ reciprocalRank: 0, recall: 1 })
})

test('of equal weights in the sweep the best is named once', () => {
  const { best } = score(setOf({ a: 1 }), [ranking(['a'], ['a'])])
  expect(best).toEqual({ wordWeight: 0, ndcg: 1 })
})
