// When each tenant is reconciled: soon after its windows have changed, all of them now and then whatever they say, and a
// large tenant less often, so that looking costs a twentieth of a connection at most.
import { sql } from '../../../platform/db/statements.ts'
import { reconcileTenant, type ReconcileDeps } from './reconcile-tenant.ts'

const ALL_EVERY_MS = 3_600_000
const REST_FOR_WORK = 19
/** A call may settle into a window that has ended. */
const LATE_MS = 86_400_000

interface Seen {
  readonly windows: string
  readonly allAt: number
  readonly restUntil: number
}

/** One turn over all tenants; returns how many windows it put right. It keeps in mind what it has seen. */
export function reconciler(deps: ReconcileDeps, now: () => number = Date.now) {
  const seen = new Map<string, Seen>()

  async function look(tenantId: string): Promise<number> {
    const start = now()
    const before = seen.get(tenantId)
    if (before !== undefined && start < before.restUntil) return 0
    const windows = await stateOfWindows(deps, tenantId)
    const isAll = before === undefined || start - before.allAt >= ALL_EVERY_MS
    const isQuiet = !isAll && before.windows === windows
    const since = isAll ? null : new Date(start - LATE_MS)
    const repaired = isQuiet ? 0 : await reconcileTenant(deps, tenantId, since)
    const end = now()
    seen.set(tenantId, {
      // What was put right is looked at once more.
      windows: repaired === 0 ? windows : '',
      allAt: isAll ? start : before.allAt,
      restUntil: end + (end - start) * REST_FOR_WORK,
    })
    return repaired
  }

  return async function reconcileAll(signal?: AbortSignal): Promise<number> {
    let repaired = 0
    const tenants = await tenantsToStay(deps)
    for (const known of seen.keys()) if (!tenants.includes(known)) seen.delete(known)
    for (const tenantId of tenants) {
      if (signal?.aborted === true) break
      repaired += await look(tenantId).catch((error: unknown) => {
        deps.log.error({ err: error, tenant: tenantId }, 'the budgets of a tenant could not be reconciled')
        return 0
      })
    }
    return repaired
  }
}

/** Changes with every change of a window that matters here; costs no look at holds or the ledger. */
async function stateOfWindows({ owner }: ReconcileDeps, tenantId: string): Promise<string> {
  const row = await owner.maintain(tenantId, tx =>
    tx.first(sql<{ state: string }>`
      select concat_ws(' ', count(*), sum(spent_nano), sum(held_nano), max(xmin::text::bigint)) as state
      from app.budget_window where tenant_id = ${tenantId}`),
  )
  return row?.state ?? ''
}

async function tenantsToStay({ owner }: ReconcileDeps): Promise<string[]> {
  const rows = await owner.transaction(tx =>
    tx.all(sql<{ id: string }>`select id from app.tenant where status <> 'removing' order by id`),
  )
  return rows.map(({ id }) => id)
}
