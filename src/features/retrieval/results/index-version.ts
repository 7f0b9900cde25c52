// How often what a tenant's searches can answer has changed, in the database's own word.
import { sql } from '../../../platform/db/statements.ts'

export interface IndexVersionRow {
  /** A whole number that only grows, as text. */
  readonly version: string
}

/** One row. Read in the same exchange as a search, it is the version that the search has seen. */
export function indexVersion(tenantId: string) {
  return sql<IndexVersionRow>`
    select coalesce((select version from app.index_version where tenant_id = ${tenantId}), 0)::text as version
    where app.tenant_id() = ${tenantId}`
}
