// Compares what a tenant's windows say with what its ledger and its open holds say, and puts right what differs: an
// alarm in the log and a row in the tenant's audit for each window. Drift is a fault of ours, or somebody's edit.
import { insertAudit } from '../../../gate/audit/audit-rows.ts'
import type { OwnerDatabase, Writer } from '../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../platform/db/statements.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import { traceId } from '../../../platform/telemetry/trace.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'

export interface ReconcileDeps {
  readonly owner: OwnerDatabase
  readonly log: Pick<Logger, 'error'>
}

interface DriftRow {
  readonly budget_id: string
  readonly member: string
  readonly starts_at: Date
  readonly spent_nano: bigint
  readonly held_nano: bigint
  readonly spent: bigint
  readonly held: bigint
}

type Key = Record<'budget_id' | 'member' | 'starts_at', string | Date | null>

const NO_KEY: Key = { budget_id: null, member: null, starts_at: null }

const drift = sqlFile<Key & { tenant_id: string; since: Date | null }, DriftRow>(import.meta.url, 'drift.sql')

/** Looks at windows that ended after `since`, at all by default. Returns how many it had to put right. */
export async function reconcileTenant(
  { owner, log }: ReconcileDeps,
  tenantId: string,
  since: Date | null = null,
): Promise<number> {
  const drifted = await owner.maintain(tenantId, tx =>
    tx.all(drift({ ...NO_KEY, tenant_id: tenantId, since })),
  )
  let repaired = 0
  for (const window of drifted) {
    const found = await owner.maintain(tenantId, tx => repair(tx, tenantId, window))
    if (found === undefined) continue
    repaired++
    log.error(
      {
        alarm: 'budget_drift',
        tenant: tenantId,
        budget: found.budget_id,
        member: found.member,
        window: found.starts_at.toISOString(),
        spent_drift_nano: String(found.spent_nano - found.spent),
        held_drift_nano: String(found.held_nano - found.held),
      },
      'a budget did not say what its ledger says; it does now',
    )
  }
  return repaired
}

/** Looks once more with the window locked, as every writer locks it; undefined where somebody was faster. */
async function repair(tx: Writer, tenantId: string, window: DriftRow): Promise<DriftRow | undefined> {
  const { budget_id, member, starts_at } = window
  const mine = sql`tenant_id = ${tenantId} and budget_id = ${budget_id} and member = ${member}
    and starts_at = ${starts_at}`
  await tx.first(sql`select from app.budget_window where ${mine} for no key update`)
  const key = { budget_id, member, starts_at }
  const found = await tx.first(drift({ ...key, tenant_id: tenantId, since: null }))
  if (found === undefined) return undefined
  await tx.run(
    sql`update app.budget_window set spent_nano = ${found.spent}, held_nano = ${found.held} where ${mine}`,
  )
  await tx.first(sql`select app.note_alerts(${tenantId}, ${budget_id}, ${member}, ${starts_at}, false)`)
  const id = uuidv7()
  await insertAudit(tx, tenantId, {
    id,
    subject: 'gatehouse:reconciler',
    token_id: null,
    operation: 'repair_budget',
    object: `budget:${budget_id} spent:${found.spent_nano}→${found.spent} held:${found.held_nano}→${found.held}`,
    outcome: 'ok',
    fault: null,
    request_id: `reconcile-${id}`,
    trace_id: traceId(),
  })
  return found
}
