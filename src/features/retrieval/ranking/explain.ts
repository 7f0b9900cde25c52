// A fused document as the caller sees it: the article's fields, the place in the document, and why it is here.
import type { BranchRow } from '../branches/branch-rows.ts'
import type { LexicalRow } from '../branches/lexical.ts'
import type { Found, Fused } from './fuse.ts'
import type { Hit } from '../search-answer.ts'

export function explain(fused: Fused<LexicalRow, BranchRow>, tenantId: string): Hit {
  const { lexical, vector } = fused
  const { row } = bestChunk(lexical, vector)
  return {
    doc_id: fused.documentId,
    title: row.title,
    content: row.content,
    tenant_id: tenantId,
    bm25_score: lexical?.row.score ?? 0,
    vector_score: vector?.row.score ?? 0,
    score: fused.score,
    document_version: row.version,
    chunk_start: row.start_at,
    chunk_end: row.end_at,
    ...(row.page === null ? {} : { page: row.page, last_page: row.last_page ?? row.page }),
    heading: row.heading,
    explanation: {
      ...(lexical === undefined ? {} : { lexical: { ...said(lexical), terms: lexical.row.terms } }),
      ...(vector === undefined ? {} : { vector: said(vector) }),
    },
  }
}

/** The branches may have found the document by different chunks: the one that contributes more is shown. */
function bestChunk(
  lexical: Found<LexicalRow> | undefined,
  vector: Found<BranchRow> | undefined,
): Found<BranchRow> {
  if (lexical === undefined && vector === undefined) throw new Error('a fused document comes from a branch')
  if (vector === undefined) return lexical as Found<LexicalRow>
  return lexical !== undefined && lexical.contribution >= vector.contribution ? lexical : vector
}

function said({ row, contribution }: Found<BranchRow>) {
  return { rank: row.rank, score: row.score, contribution }
}
