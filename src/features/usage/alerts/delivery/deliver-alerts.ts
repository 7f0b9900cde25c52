// Tells all webhooks of all alerts that are due. Any number of processes may do it: an alert is claimed by one at a time.
import type { OwnerDatabase } from '../../../../platform/db/database.ts'
import { sql } from '../../../../platform/db/statements.ts'
import type { Logger } from '../../../../platform/telemetry/logger.ts'
import { deliverAlert, type DeliveryDeps } from './deliver-alert.ts'

/** A slow receiver keeps up its own tenant and one of these places, for so long at a time. */
const TENANTS_AT_ONCE = 8
const TURN_MS = 10_000

/** Returns how many attempts it made. */
export async function deliverAlerts(
  deps: DeliveryDeps & { readonly log: Pick<Logger, 'warn'> },
  signal?: AbortSignal,
): Promise<number> {
  const waiting = await tenantsToTell(deps.owner)
  let attempts = 0
  const work = async (): Promise<void> => {
    for (let tenantId = waiting.pop(); tenantId !== undefined; tenantId = waiting.pop()) {
      if (signal?.aborted === true) return
      attempts += await turn(deps, tenantId, signal)
    }
  }
  await Promise.all(Array.from({ length: TENANTS_AT_ONCE }, work))
  return attempts
}

/** Alert after alert, until one is not taken: the others would not be either. */
async function turn(
  deps: DeliveryDeps & { readonly log: Pick<Logger, 'warn'> },
  tenantId: string,
  signal?: AbortSignal,
): Promise<number> {
  let attempts = 0
  try {
    for (const end = performance.now() + TURN_MS; performance.now() < end && signal?.aborted !== true; ) {
      const came = await deliverAlert(deps, tenantId, signal)
      if (came !== 'none') attempts++
      if (came !== 'told') break
    }
  } catch (error) {
    deps.log.warn({ err: error, tenant: tenantId }, 'alerts of a tenant could not be told; it is tried again')
  }
  return attempts
}

async function tenantsToTell(owner: OwnerDatabase): Promise<string[]> {
  const rows = await owner.transaction(tx =>
    tx.all(sql<{ tenant_id: string }>`
      select distinct a.tenant_id from app.budget_alert a join app.tenant t on t.id = a.tenant_id
      where a.delivered_at is null and a.next_at <= now() and t.status <> 'removing'`),
  )
  return rows.map(row => row.tenant_id)
}
