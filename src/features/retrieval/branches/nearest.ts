// The vector branch: the ranking by likeness to the query's vector.
import { kept, sql, sqlFiles } from '../../../platform/db/statements.ts'
import { CANDIDATES, onVectorsOf, type BranchRow, type Narrowing } from './branch-rows.ts'

// Three texts: what a search does not ask for would still be planned, and planning is most of a small tenant's search.
const ALL = branch('./nearest.sql')
const MATCHING = branch('./nearest-matching.sql')
const QUOTING = branch('./nearest-quoting.sql')

function branch(scan: string) {
  return sqlFiles<Record<string, unknown>, BranchRow>(import.meta.url, scan, './nearest-passages.sql')
}

/** The vector is the model's own. Without a vector it asks for nothing. */
export function nearest(
  tenantId: string,
  vector: Float32Array | null,
  narrowing: Narrowing & { readonly model: number },
) {
  const { model, conditions = null, phrases = [], excluded = [], candidates = CANDIDATES } = narrowing
  const parameters = {
    tenant_id: tenantId,
    embedding: vector,
    candidates,
    conditions,
    phrases: JSON.stringify(phrases),
    excluded: JSON.stringify(excluded),
  }
  const parts = [
    ...(conditions === null ? [] : ['conditions']),
    ...(excluded.length === 0 || vector === null ? [] : ['excluded']),
  ]
  const scan = phrases.length > 0 ? QUOTING : conditions === null ? ALL : MATCHING
  const statement = onVectorsOf(model, scan(parameters, parts))
  return scan === ALL && parts.length === 0 ? kept(statement) : statement
}

/**
 * To be sent right before `nearest`, in the same transaction: its plan then takes the vectors in the order of the index
 * wherever there is one. The planner takes the statement for one that reads all the rows it may, and would rather sort
 * the whole table (20,000 × 384: 16 ms instead of 4). `nearest` allows sorting again, and without this is right as
 * well.
 */
export function preferIndex() {
  return sql`select set_config('enable_sort', 'off', true)`
}
