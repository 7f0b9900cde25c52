// The statements of a search: which words of the query count, and the two rankings. They run in one exchange
// and see one snapshot.
import { vectorText } from '../../platform/models/embedder.ts'
import { sql, sqlFile } from '../../platform/db/statements.ts'

/** Documents that each branch may bring into the fusion; the largest answer asks for as many. */
export const CANDIDATES = 50

export interface BranchRow {
  readonly rank: number
  /** BM25, or cosine similarity. */
  readonly score: number
  readonly document_id: string
  readonly title: string
  readonly chunk_id: string
  readonly version: number
  readonly start_at: number
  readonly end_at: number
  readonly heading: string
  readonly content: string
}

export interface LexicalRow extends BranchRow {
  /** The words of the query that the chunk holds. */
  readonly terms: string[]
  /** Whether the vector branch could have found the document at all. */
  readonly has_vector: boolean
}

export interface QueryTermRow {
  readonly term: string
  /** How many words of the query the documents hold; more than the rows when the query was too long. */
  readonly known: number
}

type Parameters<Own> = Own & { tenant_id: string; candidates: number }
const lexicalBranch = sqlFile<Parameters<{ query: string }>, LexicalRow>(import.meta.url, './lexical.sql')
const vectorBranch = sqlFile<Parameters<{ embedding: string | null }>, BranchRow>(
  import.meta.url,
  './nearest.sql',
)

/** An empty query asks for nothing. */
export function lexical(tenantId: string, query: string) {
  return lexicalBranch({ tenant_id: tenantId, query, candidates: CANDIDATES })
}

/** Without a vector it asks for nothing. */
export function nearest(tenantId: string, vector: Float32Array | null) {
  const embedding = vector === null ? null : vectorText(vector)
  return vectorBranch({ tenant_id: tenantId, embedding, candidates: CANDIDATES })
}

/** The words that the lexical branch looks up, rarest first. */
export function queryTerms(tenantId: string, query: string) {
  return sql<QueryTermRow>`select term, known from app.query_terms(${tenantId}, ${query})`
}
