// Ends what processes left behind that died between reserving and settling: what was sent is charged in full, what never
// left is given back. Whatever the tenant's standing: money that was spent was spent.
import type { OwnerDatabase } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'

export interface SweepDeps {
  readonly owner: OwnerDatabase
  readonly log: Pick<Logger, 'warn'>
}

/** Returns how many it ended. A tenant whose holds cannot be ended now does not keep up the others. */
export async function endExpiredHolds({ owner, log }: SweepDeps): Promise<number> {
  let all = 0
  for (const tenantId of await tenantsWithExpired(owner)) {
    try {
      const ended = await endAllOf(owner, tenantId)
      all += ended
      if (ended > 0)
        log.warn(
          { tenant: tenantId, holds: ended },
          'holds were ended whose process did not: what was sent is charged in full',
        )
    } catch (error) {
      log.warn({ err: error, tenant: tenantId }, 'expired holds could not be ended; it is tried again')
    }
  }
  return all
}

/** Some at a time, each a transaction of its own. */
async function endAllOf(owner: OwnerDatabase, tenantId: string): Promise<number> {
  for (let all = 0; ; ) {
    const row = await owner.maintain(tenantId, tx =>
      tx.first(sql<{ ended: number }>`select app.end_expired_holds() as ended`),
    )
    if (row === undefined || row.ended === 0) return all
    all += row.ended
  }
}

/** Of an open hold the owner sees that it is there: policy owner_sweeps. */
async function tenantsWithExpired(owner: OwnerDatabase): Promise<string[]> {
  const rows = await owner.transaction(tx =>
    tx.all(sql<{ tenant_id: string }>`
      select distinct tenant_id from app.hold
      where state in ('held', 'sent') and expires_at < clock_timestamp()`),
  )
  return rows.map(row => row.tenant_id)
}
