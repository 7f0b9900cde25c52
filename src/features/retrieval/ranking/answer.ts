// From the rows of both branches to the answer of a search.
import type { BranchRow } from '../branches/branch-rows.ts'
import type { LexicalRow, QueryTermRow } from '../branches/lexical.ts'
import { explain } from './explain.ts'
import { fuse, type Weights } from './fuse.ts'
import type { SearchAnswer } from '../search-answer.ts'

export interface SearchFindings {
  readonly tenantId: string
  readonly query: string
  readonly cleaned: boolean
  readonly limit: number
  readonly weights: Weights
  readonly embeddingModel?: string
  readonly degraded?: string
  readonly terms: readonly QueryTermRow[]
  readonly byWords: readonly LexicalRow[]
  readonly byVector: readonly BranchRow[]
}

export function answer(findings: SearchFindings): SearchAnswer {
  const { tenantId, query, cleaned, limit, weights, embeddingModel, degraded, terms, byWords, byVector } =
    findings
  return {
    hits: fuse(byWords, byVector, weights)
      .slice(0, limit)
      .map(fused => explain(fused, tenantId)),
    query,
    weights,
    searched: {
      terms: terms.map(({ term }) => term),
      terms_left_out: (terms[0]?.known ?? 0) - terms.length,
      cleaned,
      ...(embeddingModel === undefined ? {} : { embedding_model: embeddingModel }),
    },
    ...(degraded === undefined ? {} : { degraded }),
  }
}
