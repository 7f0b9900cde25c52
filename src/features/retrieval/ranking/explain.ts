// A fused document as the caller sees it: the article's fields, the place in the document, and why it is here.
import type { LexicalRow } from '../branches/lexical.ts'
import { idfOf, type KnownWords } from '../query/known-words.ts'
import type { Hit } from '../search-answer.ts'
import type { Found, Ranked, Weights } from './fuse.ts'
import type { FusedRow } from './fused-row.ts'
import { shownRow } from './shown-row.ts'

export interface Explaining {
  readonly tenantId: string
  /** Whether numbers are asked for, and whether those of the whole tenant may be told. */
  readonly explain: boolean
  readonly withStatistics: boolean
  readonly words: Pick<KnownWords, 'terms' | 'dfs' | 'passages'>
  readonly highlights: Hit['highlights']
  /** Where vectors were not asked for, nobody has looked whether there are any. */
  readonly weights: Weights
}

export function explain(fused: FusedRow, explaining: Explaining): Hit {
  const { lexical, vector } = fused
  const row = shownRow(fused)
  return {
    doc_id: fused.documentId,
    title: row.title,
    content: row.content,
    tenant_id: explaining.tenantId,
    bm25_score: lexical?.row.score ?? 0,
    vector_score: vector?.row.score ?? 0,
    score: fused.score,
    document_version: row.version,
    chunk_start: row.start_at,
    chunk_end: row.end_at,
    ...(row.page === null ? {} : { page: row.page, last_page: row.last_page ?? row.page }),
    heading: row.heading,
    highlights: explaining.highlights,
    explanation: {
      ...(lexical === undefined ? {} : { lexical: saidOfWords(lexical, explaining) }),
      ...(vector === undefined ? {} : { vector: said(vector) }),
      ...(lexical?.row.has_vector === false && explaining.weights.vector > 0 ? { no_vector: true } : {}),
    },
  }
}

function saidOfWords(found: Found<LexicalRow>, explaining: Explaining) {
  const { terms, tf, citation_score } = found.row
  return {
    ...said(found),
    terms,
    ...(citation_score === undefined || citation_score === 0 ? {} : { citation_score }),
    ...(explaining.explain
      ? { matched: terms.map((term, at) => matched(term, tf?.[at] ?? 0, explaining)) }
      : {}),
  }
}

function matched(term: string, tf: number, { words, withStatistics }: Explaining) {
  const df = withStatistics ? words.dfs[words.terms.indexOf(term)] : undefined
  return { term, tf, ...(df === undefined ? {} : { df, idf: idfOf(df, words.passages) }) }
}

function said({ row, contribution }: Found<Ranked & { readonly score: number }>) {
  return { rank: row.rank, score: row.score, contribution }
}
