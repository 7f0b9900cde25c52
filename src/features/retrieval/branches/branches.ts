// The statements of a search: which words of the query count, and the two rankings. They run in one exchange
// and see one snapshot.
import { vectorText } from '../../../platform/models/embedder.ts'
import { sql, sqlFile, statementOf } from '../../../platform/db/statements.ts'
import { vectorTable } from '../../../platform/models/vector-table.ts'

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
  /** Pages the passage starts and ends on; null in a document without pages. */
  readonly page: number | null
  readonly last_page: number | null
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

type Parameters<Own> = Own & { tenant_id: string; candidates: number; conditions: string | null }
const lexicalBranch = sqlFile<Parameters<{ query: string }>, LexicalRow>(import.meta.url, './lexical.sql')
const vectorBranch = sqlFile<Parameters<{ embedding: string | null }>, BranchRow>(
  import.meta.url,
  './nearest.sql',
)

export interface Narrowing {
  /** The number of the model whose vectors are searched; none when left out, and then no document has one. */
  readonly model?: number
  /** What the documents must be like, as `app.matching_versions` takes it; null or left out: anything. */
  readonly conditions?: string | null
}

/** An empty query asks for nothing. */
export function lexical(tenantId: string, query: string, { model, conditions = null }: Narrowing = {}) {
  return onVectorsOf(model, lexicalBranch({ tenant_id: tenantId, query, candidates: CANDIDATES, conditions }))
}

/** The vector is the model's own. Without a vector it asks for nothing. */
export function nearest(
  tenantId: string,
  vector: Float32Array | null,
  { model, conditions = null }: Narrowing & { readonly model: number },
) {
  const embedding = vector === null ? null : vectorText(vector)
  return onVectorsOf(
    model,
    vectorBranch({ tenant_id: tenantId, embedding, candidates: CANDIDATES, conditions }),
  )
}

type Compiled<Row> = ReturnType<typeof statementOf<Row>>

/** The files are written for the first model's table, so that psql runs them as they are. */
function onVectorsOf<Row>(model: number | undefined, statement: Compiled<Row>): Compiled<Row> {
  const text =
    model === undefined
      ? statement.sql.replace(/exists \(select from app\.vector_1 .*\)(?= as has_vector)/, 'false')
      : statement.sql.replaceAll(/app\.vector_1\b/g, vectorTable(model))
  return statementOf(text, statement.parameters)
}

/** The words that the lexical branch looks up, rarest first. */
export function queryTerms(tenantId: string, query: string) {
  return sql<QueryTermRow>`select term, known from app.query_terms(${tenantId}, ${query})`
}
