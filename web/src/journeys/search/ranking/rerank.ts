// Ranks anew for other weights, from what the server said of both branches: while the slider moves nobody waits for an
// answer. It is the server's own formula and its own code; at rest the server is asked all the same.
import type { Found, Fused, Weights } from '../../../../../src/features/retrieval/ranking/fuse.ts'
import { rank } from '../../../../../src/features/retrieval/ranking/rank.ts'
import { shownRow } from '../../../../../src/features/retrieval/ranking/shown-row.ts'
import { weigh } from '../../../../../src/features/retrieval/ranking/weigh.ts'
import type { SearchHit } from '../hits/search-hit.ts'

/** Documents that each branch brings into a fusion: as many as the largest answer holds. */
export const CANDIDATES = 50

/** The answer that holds every document the words found: likeness is asked as well, but moves none of them. */
export const BY_WORDS = { bm25_weight: 0.999, vector_weight: 0.001 } as const
export const BY_LIKENESS = { bm25_weight: 0, vector_weight: 1 } as const

/** Answers to the same question, by `BY_WORDS` and by `BY_LIKENESS`, each as large as can be. */
export interface Branches {
  readonly words: readonly SearchHit[]
  readonly likeness: readonly SearchHit[]
}

interface WordRow {
  readonly document_id: string
  readonly rank: number
  readonly has_vector: boolean
  readonly citation_score: number
  readonly content: string
  readonly hit: SearchHit
}

type LikenessRow = Pick<WordRow, 'document_id' | 'rank' | 'content' | 'hit'>

/** For a weight of the words in percent. Exact but where near-duplicates make the server look deeper. */
export function rerank(branches: Branches, words: number, limit: number): SearchHit[] {
  const weights = weightsOf(words)
  const byWords = weights.bm25 > 0 ? branches.words.flatMap(hit => wordRow(hit, weights)) : []
  const byVector = weights.vector > 0 ? branches.likeness.flatMap(likenessRow) : []
  return rank<WordRow, LikenessRow>({ byWords, byVector, weights }, limit).hits.map(one =>
    hitOf(one, weights),
  )
}

/** As the server applies them. */
export function weightsOf(words: number): Weights {
  return weigh(words / 100, 1 - words / 100)
}

function wordRow(hit: SearchHit, weights: Weights): WordRow[] {
  const { lexical, no_vector } = hit.explanation
  if (lexical === undefined) return []
  // Where likeness is not asked for, no document has a vector.
  const has_vector = weights.vector > 0 && no_vector !== true
  const { rank: place, citation_score = 0 } = lexical
  return [{ document_id: hit.doc_id, rank: place, has_vector, citation_score, content: hit.content, hit }]
}

function likenessRow(hit: SearchHit): LikenessRow[] {
  const { vector } = hit.explanation
  return vector === undefined
    ? []
    : [{ document_id: hit.doc_id, rank: vector.rank, content: hit.content, hit }]
}

function hitOf(fused: Fused<WordRow, LikenessRow>, weights: Weights): SearchHit {
  const { lexical, vector } = fused
  const byWords = lexical && explained('lexical', lexical)
  const byLikeness = vector && explained('vector', vector)
  const isBlind = lexical !== undefined && !lexical.row.has_vector && weights.vector > 0
  return {
    ...shownRow(fused).hit,
    score: fused.score,
    bm25_score: byWords?.score ?? 0,
    vector_score: byLikeness?.score ?? 0,
    explanation: {
      ...(byWords && { lexical: byWords }),
      ...(byLikeness && { vector: byLikeness }),
      ...(isBlind ? { no_vector: true } : {}),
    },
  }
}

function explained<Branch extends 'lexical' | 'vector'>(branch: Branch, found: Found<LikenessRow>) {
  const said: SearchHit['explanation'][Branch] = found.row.hit.explanation[branch]
  return said && { ...said, contribution: found.contribution }
}
