// Weighted reciprocal rank fusion: what two rankings say together. Ranks are comparable where scores are not.

/** Cormack, Clarke and Büttcher 2009: large enough that the first ranks of one branch do not decide alone. */
export const RRF_K = 60

export interface Ranked {
  readonly document_id: string
  /** 1 is best. */
  readonly rank: number
}

/** A document found by its words. One without a vector is out of the vector branch's sight, and so is a citation. */
export interface RankedByWords extends Ranked {
  readonly has_vector: boolean
  /** Above 0 where a citation was found to the letter. */
  readonly citation_score?: number
}

export interface Weights {
  readonly bm25: number
  readonly vector: number
}

export interface Fused<L extends RankedByWords, V extends Ranked> {
  readonly documentId: string
  /** The sum of the contributions. */
  readonly score: number
  /** Absent when the branch did not find the document. */
  readonly lexical?: Found<L>
  readonly vector?: Found<V>
}

export interface Found<R extends Ranked> {
  readonly row: R
  /** weight / (60 + rank); of the words of a document without a vector or with the citation asked for, 1 / (60 + rank). */
  readonly contribution: number
}

/**
 * Documents of both branches, best first; equal scores in the order of their ids. For a document without a vector
 * words count in full: that a branch could not see it must not put it behind everything the branch did see. So too
 * where a citation stands to the letter: vectors do not tell Article 17 from Article 33.
 */
export function fuse<L extends RankedByWords, V extends Ranked>(
  lexical: readonly L[],
  nearest: readonly V[],
  weights: Weights,
): Fused<L, V>[] {
  const words = new Map(
    lexical.map(row => [row.document_id, found(row, countsInFull(row) ? 1 : weights.bm25)]),
  )
  const vectors = new Map(nearest.map(row => [row.document_id, found(row, weights.vector)]))
  return [...new Set([...words.keys(), ...vectors.keys()])]
    .map(documentId => fused(documentId, words.get(documentId), vectors.get(documentId)))
    .sort((a, b) => b.score - a.score || (a.documentId < b.documentId ? -1 : 1))
}

function countsInFull({ has_vector, citation_score = 0 }: RankedByWords): boolean {
  return !has_vector || citation_score > 0
}

function found<R extends Ranked>(row: R, weight: number): Found<R> {
  return { row, contribution: weight / (RRF_K + row.rank) }
}

function fused<L extends RankedByWords, V extends Ranked>(
  documentId: string,
  lexical: Found<L> | undefined,
  vector: Found<V> | undefined,
): Fused<L, V> {
  return {
    documentId,
    score: (lexical?.contribution ?? 0) + (vector?.contribution ?? 0),
    ...(lexical === undefined ? {} : { lexical }),
    ...(vector === undefined ? {} : { vector }),
  }
}
