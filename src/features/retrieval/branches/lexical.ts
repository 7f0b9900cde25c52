// The lexical branch: which words of a query count, and the ranking by them.
import { sql, sqlFile, statementOf } from '../../../platform/db/statements.ts'
import { CANDIDATES, onVectorsOf, type BranchRow, type Narrowing } from './branch-rows.ts'

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

type Parameters = { tenant_id: string; candidates: number; conditions: string | null; query: string }
const branch = sqlFile<Parameters, LexicalRow>(import.meta.url, './lexical.sql')

/** An empty query asks for nothing. */
export function lexical(tenantId: string, query: string, { model, conditions = null }: Narrowing = {}) {
  const statement = branch({ tenant_id: tenantId, query, candidates: CANDIDATES, conditions })
  return model === undefined ? withoutVectors(statement) : onVectorsOf(model, statement)
}

function withoutVectors({ sql: text, parameters }: ReturnType<typeof branch>) {
  const blind = text.replace(/exists \(select from app\.vector_1 .*\)(?= as has_vector)/, 'false')
  return statementOf<LexicalRow>(blind, parameters)
}

/** The words that the lexical branch looks up, rarest first. */
export function queryTerms(tenantId: string, query: string) {
  return sql<QueryTermRow>`select term, known from app.query_terms(${tenantId}, ${query})`
}
