// Whether the books of a tenant are right, read past all policies: every window is what its ledger rows and its open holds
// add up to, nothing is negative, no budget that refuses is overdrawn, and no hold is charged twice.

/** Runs a statement past all policies. */
export type AsAdmin = (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>

export interface Window {
  readonly scope: string
  readonly of: string
  readonly member: string
  readonly period: string
  readonly action: string
  readonly starts_at: Date
  readonly spent: bigint
  readonly held: bigint
  readonly granted: bigint
  /** With what was granted; null: no limit. */
  readonly allowed: bigint | null
  readonly ledger: bigint
  readonly open: bigint
}

const WINDOWS = `
  select b.scope, b.member as of, w.member, b.period, b.action, w.starts_at, w.spent_nano as spent, w.held_nano as held,
    w.granted_nano as granted,
    case when b.follows_tier then r.limit_nano else b.limit_nano end + w.granted_nano as allowed,
    coalesce((select sum(l.cost_nano) from app.hold_window x
      join app.ledger l on l.tenant_id = x.tenant_id and l.hold_id = x.hold_id
      where x.tenant_id = w.tenant_id and x.budget_id = w.budget_id and x.member = w.member
        and x.starts_at = w.starts_at), 0)::bigint as ledger,
    coalesce((select sum(h.held_nano) from app.hold_window x
      join app.hold h on h.tenant_id = x.tenant_id and h.id = x.hold_id and h.state in ('held', 'sent')
      where x.tenant_id = w.tenant_id and x.budget_id = w.budget_id and x.member = w.member
        and x.starts_at = w.starts_at), 0)::bigint as open
  from app.budget_window w
    join app.budget b on b.tenant_id = w.tenant_id and b.id = w.budget_id
    join app.tenant t on t.id = w.tenant_id join app.tier r on r.id = t.tier
  where w.tenant_id = $1
  order by b.scope, b.member, w.member, b.period, w.starts_at`

export async function windowsOf(asAdmin: AsAdmin, tenantId: string): Promise<Window[]> {
  return (await asAdmin(WINDOWS, [tenantId])) as unknown as Window[]
}

export interface LedgerRow {
  readonly kind: string
  readonly cost: bigint
  readonly uncharged: bigint
  readonly basis: string
  readonly usage: Readonly<Record<string, number>>
  readonly subject: string
  readonly key_id: string | null
  readonly model: string
  readonly operation: string
  readonly task: string | null
  readonly step: string
  readonly label: string | null
  readonly price_version: string
}

export async function ledgerOf(asAdmin: AsAdmin, tenantId: string): Promise<LedgerRow[]> {
  const rows = await asAdmin(
    `select kind, cost_nano as cost, uncharged_nano as uncharged, basis, usage, subject, key_id, model, operation, task, step,
      label, price_version from app.ledger where tenant_id = $1 order by sequence`,
    [tenantId],
  )
  return rows as unknown as LedgerRow[]
}

/** What is wrong with the books, in words; empty when nothing is. `limits` false after one was lowered below what was spent. */
export async function faultsInBooks(asAdmin: AsAdmin, tenantId: string, limits = true): Promise<string[]> {
  const windows = await windowsOf(asAdmin, tenantId)
  const twice = await asAdmin(
    `select hold_id from app.ledger where tenant_id = $1 and kind = 'charge' group by hold_id having count(*) > 1`,
    [tenantId],
  )
  const unpaid = await asAdmin(
    `select h.id from app.hold h left join app.ledger l
      on l.tenant_id = h.tenant_id and l.hold_id = h.id and l.kind = 'charge'
     where h.tenant_id = $1 and (h.state = 'settled') <> (l.id is not null)`,
    [tenantId],
  )
  return [
    ...windows.flatMap(window => faultsIn(window, limits)),
    ...twice.map(({ hold_id }) => `hold ${String(hold_id)} is charged twice`),
    ...unpaid.map(({ id }) => `hold ${String(id)} and the ledger disagree`),
  ]
}

function faultsIn(window: Window, limits: boolean): string[] {
  const { scope, member, period, action, spent, held, allowed, ledger, open } = window
  const name = `${scope} ${member} ${period}`
  const overdrawn = limits && action !== 'alert' && allowed !== null && spent + held > allowed
  return [
    ...(spent === ledger ? [] : [`${name}: spent ${spent}, the ledger says ${ledger}`]),
    ...(held === open ? [] : [`${name}: held ${held}, open holds are ${open}`]),
    ...(spent < 0n || held < 0n ? [`${name}: negative`] : []),
    ...(overdrawn ? [`${name}: ${spent} spent and ${held} held of ${allowed}`] : []),
  ]
}
