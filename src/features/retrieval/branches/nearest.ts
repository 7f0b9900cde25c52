// The vector branch: the ranking by likeness to the query's vector.
import { sqlFile } from '../../../platform/db/statements.ts'
import { vectorText } from '../../../platform/models/embedder.ts'
import { CANDIDATES, onVectorsOf, type BranchRow, type Narrowing } from './branch-rows.ts'

type Parameters = {
  tenant_id: string
  candidates: number
  conditions: string | null
  embedding: string | null
}
const branch = sqlFile<Parameters, BranchRow>(import.meta.url, './nearest.sql')

/** The vector is the model's own. Without a vector it asks for nothing. */
export function nearest(
  tenantId: string,
  vector: Float32Array | null,
  { model, conditions = null }: Narrowing & { readonly model: number },
) {
  const embedding = vector === null ? null : vectorText(vector)
  const statement = branch({ tenant_id: tenantId, embedding, candidates: CANDIDATES, conditions })
  return onVectorsOf(model, statement)
}
