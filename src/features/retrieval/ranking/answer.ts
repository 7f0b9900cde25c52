// From the ranked documents to the answer of a search.
import type { Candidates } from '../find-candidates.ts'
import type { ReadQuery } from '../query/read-query.ts'
import type { Hit, SearchAnswer } from '../search-answer.ts'
import { explain } from './explain.ts'
import type { FusedRow } from './fused-row.ts'

export interface SearchFindings
  extends Pick<Candidates, 'weights' | 'words' | 'corrections' | 'embeddingModel' | 'degraded'> {
  readonly tenantId: string
  readonly query: string
  readonly cleaned: boolean
  readonly asked: ReadQuery
  readonly hits: readonly FusedRow[]
  readonly demoted: number
  readonly highlights: readonly Hit['highlights'][]
  readonly explain: boolean
  readonly withStatistics: boolean
}

export function answer(found: SearchFindings): SearchAnswer {
  const { query, weights, words, embeddingModel, degraded, asked, corrections, demoted } = found
  const texts = (phrases: readonly { readonly text: string }[]) => phrases.map(({ text }) => text)
  return {
    hits: found.hits.map((hit, at) => explain(hit, { ...found, highlights: found.highlights[at] ?? [] })),
    query,
    weights,
    searched: {
      terms: words.terms,
      terms_left_out: words.known - words.terms.length,
      cleaned: found.cleaned,
      ...(embeddingModel === undefined ? {} : { embedding_model: embeddingModel }),
      ...(corrections.length === 0 ? {} : { corrections: [...corrections] }),
      ...(asked.phrases.length === 0 ? {} : { phrases: texts(asked.phrases) }),
      ...(asked.excluded.length === 0 ? {} : { excluded: texts(asked.excluded) }),
      ...(asked.citations.length === 0 ? {} : { citations: texts(asked.citations) }),
      ...(demoted === 0 ? {} : { near_duplicates: demoted }),
    },
    ...(degraded === undefined ? {} : { degraded }),
  }
}
