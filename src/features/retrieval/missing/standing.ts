// How one document stands to a search: everything that `reasons` argues from.
import type { Correction } from '../query/correct-query.ts'
import type { TermStanding } from './missing-words.ts'

export interface Standing {
  /** Hits that were asked for, and documents that each branch was asked for. */
  readonly limit: number
  readonly depth: number
  /** In all that was fused; 1 is best. Absent where neither branch brought the document. */
  readonly fused?: Fused
  /** The last hit that is shown. */
  readonly last?: { readonly score: number }
  /** The hit because of which the document was moved behind the others. */
  readonly copyOf?: { readonly place: number; readonly title: string }
  readonly narrowing: readonly Narrowed[]
  /** Absent where words were not asked for. */
  readonly words?: WordStanding
  /** Absent where likeness was not asked for. */
  readonly vector?: VectorStanding
  readonly corrections: readonly Correction[]
  /** Words that were corrected to others than the document holds. */
  readonly otherwise: readonly (Correction & { readonly held: string })[]
  readonly degraded?: string
}

interface Fused {
  readonly place: number
  readonly score: number
  readonly byWords: boolean
  readonly byVector: boolean
}

/** A condition of the filter, a required phrase or an excluded one. */
export interface Narrowed {
  readonly kind: 'condition' | 'phrase' | 'excluded'
  /** The phrase; of a condition its key. */
  readonly text: string
  /** Whether the document meets the condition, or holds the phrase. */
  readonly holds: boolean
  /** Its passages that hold the phrase. */
  readonly chunks: readonly string[]
  /** The document's own values for the key, the first 20. */
  readonly has: readonly string[]
}

export interface WordStanding {
  /** Among the documents that hold one of the words, and BM25 of the best passage; absent where it holds none, or is left out. */
  readonly rank?: number
  readonly score?: number
  readonly documents: number
  readonly terms: readonly TermStanding[]
  /** Words of the query, as looked up, that its best passage does not hold. */
  readonly missing: readonly string[]
}

export interface VectorStanding {
  /** Among the documents with a similarity above 0; absent where it has none, or is left out. */
  readonly rank?: number
  /** Cosine of the passage that is nearest; absent without a vector, of it or of the query. */
  readonly similarity?: number
  readonly documents: number
  readonly passages: number
  /** Passages that have a vector, and those that wait for one. */
  readonly vectors: number
  readonly pending: number
}
