// Erases a tenant and proves it: the job behind `remove_tenant`. What the proof found stays in the deployment's audit.
import { insertDeploymentAudit } from '../../../gate/audit/audit-rows.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { traceId } from '../../../platform/telemetry/trace.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { eraseTenant } from './erase-tenant.ts'
import { leftOver, type LeftOver, type LeftOverDeps } from './left-over.ts'

export interface VerifiedErasureDeps extends LeftOverDeps {
  /** Keeps how far the tenant's audit had come, before it goes. */
  readonly closeAudit: (tenantId: string) => Promise<void>
}

/** `verifiedErasure(deps)(tenantId)`; does nothing to a tenant whose removal nobody ordered. Throws when something is left. */
export function verifiedErasure({ owner, database, closeAudit }: VerifiedErasureDeps) {
  return async function eraseAndVerify(tenantId: string): Promise<void> {
    await eraseTenant(owner, tenantId, closeAudit)
    // The job went with the tenant: killed here, it does not come back, and `verify_erasure` gives the proof.
    const stands = await database.system('manage_tenants', tx =>
      tx.first(sql`select id from app.tenant where id = ${tenantId}`),
    )
    if (stands !== undefined) return
    await database.system('manage_issuers', tx => forgetTrust(tx, tenantId))
    const left = await leftOver({ owner, database }, tenantId)
    await database.system('record_audit', tx => insertDeploymentAudit(tx, proof(tenantId, left)))
    if (left.length > 0)
      throw fault('internal', {
        detail: `of an erased tenant ${left.map(({ where }) => where).join(', ')} is left`,
      })
  }
}

/** A foreign issuer that spoke for the tenant speaks for one less. */
function forgetTrust(tx: Writer, tenantId: string): Promise<number> {
  return tx.run(sql`
    update app.trusted_issuer set tenants = array_remove(tenants, ${tenantId}::uuid), changed_at = now()
    where ${tenantId}::uuid = any(tenants)`)
}

/** The job itself runs while it looks: jobs are not counted here. */
function proof(tenantId: string, left: readonly LeftOver[]) {
  const id = uuidv7()
  const rows = left.reduce((sum, one) => sum + one.rows, 0)
  return {
    id,
    subject: 'gatehouse:maintainer',
    token_id: null,
    operation: 'verify_erasure',
    object: `tenant:${tenantId} left:${rows}`,
    outcome: left.length === 0 ? ('ok' as const) : ('failed' as const),
    fault: left.length === 0 ? null : 'internal',
    request_id: `erase-${id}`,
    trace_id: traceId(),
  }
}
