// How good one ranking is, by the measures of trec_eval: nDCG@10 with linear gains, recall@100, MRR@10.

export interface Measures {
  readonly ndcg: number
  readonly recall: number
  readonly reciprocalRank: number
}

/** Grades by document: above 0 is relevant. */
export type Grades = ReadonlyMap<string, number>

const TOP = 10
const RECALL_DEPTH = 100

/**
 * `top` is the ranking whose first ten count, `deep` the one whose first hundred do. At least one grade is above 0. A
 * document that is not judged counts as one that is not relevant.
 */
export function measure(grades: Grades, top: readonly string[], deep: readonly string[] = top): Measures {
  const gainOf = (document: string): number => Math.max(0, grades.get(document) ?? 0)
  const ideal = [...grades.values()].filter(grade => grade > 0).sort((one, other) => other - one)
  const first = top.slice(0, TOP).findIndex(document => gainOf(document) > 0)
  return {
    ndcg: discounted(top.slice(0, TOP).map(gainOf)) / discounted(ideal.slice(0, TOP)),
    recall: deep.slice(0, RECALL_DEPTH).filter(document => gainOf(document) > 0).length / ideal.length,
    reciprocalRank: first === -1 ? 0 : 1 / (first + 1),
  }
}

/** rel / log2(rank + 1), summed. */
function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, at) => sum + gain / Math.log2(at + 2), 0)
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The smallest value that at least this share of all is not above (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}
