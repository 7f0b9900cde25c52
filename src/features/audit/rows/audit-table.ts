// The two audits there are, a tenant's and the deployment's, as statements see them: they differ in table and tenant.
import { sql } from '../../../platform/db/statements.ts'

/** The audit of one tenant, or the deployment's own. */
export type AuditOf = { readonly tenantId: string } | 'deployment'

export interface AuditRecord {
  readonly tenant_id: string | null
  readonly id: string
  readonly sequence: bigint
  /** Microseconds since 1970; null for a time that no clock shows. */
  readonly at_us: bigint | null
  readonly subject: string
  readonly token_id: string | null
  readonly operation: string
  readonly object: string | null
  readonly outcome: 'ok' | 'refused' | 'failed'
  readonly fault: string | null
  readonly request_id: string
  readonly trace_id: string
  readonly chained_as: bigint | null
  readonly chain_hash: Uint8Array | null
}

const COMMON = sql`id, sequence, case when isfinite(at) then (extract(epoch from at) * 1000000)::bigint end as at_us,
  subject, operation, object, outcome, fault, request_id, trace_id, chained_as, chain_hash`

/** What statements are made of: the rows' table, all columns, whose rows, and the table of the head. */
export function auditTable(of: AuditOf) {
  if (of === 'deployment') {
    return {
      rows: sql.table('app.deployment_audit'),
      columns: sql`null as tenant_id, null as token_id, ${COMMON}`,
      mine: sql`true`,
      head: sql.table('app.deployment_audit_head'),
    }
  }
  return {
    rows: sql.table('app.audit'),
    columns: sql`tenant_id, token_id, ${COMMON}`,
    mine: sql`tenant_id = ${of.tenantId}`,
    head: sql.table('app.audit_head'),
  }
}
