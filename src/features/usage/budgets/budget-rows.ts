// A budget as it stands now: its row, the tier behind it, and the window of this moment.
import { z } from 'zod'
import type { Reader } from '../../../platform/db/database.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import { Action, ShownNano, Period, Scope } from './budget-fields.ts'

export const budgetShape = z.strictObject({
  id: z.string().nullable().describe('Null: its tier’s limit, on which nothing was spent yet.'),
  scope: Scope,
  member: z.string().nullable().describe('Whose: a user, key, model or task; null of the tenant itself.'),
  each: z.boolean().describe('It stands for every member by itself ("*").'),
  period: Period,
  tier: z.string().nullable().describe('The tier whose limit it follows.'),
  limit_nano: ShownNano.nullable().describe('Nano-USD; "0" blocks, null is no limit.'),
  granted_nano: ShownNano.describe('On top of the limit, until it resets.'),
  spent_nano: ShownNano,
  held_nano: ShownNano.describe('Reserved by calls under way.'),
  left_nano: ShownNano.nullable().describe('What calls can still reserve; null where there is no limit.'),
  percent: z.number().nullable().describe('Of limit and grants, spent.'),
  starts_at: z.string(),
  resets_at: z.string().nullable().describe('Null: never.'),
  action: Action,
  degrade_to: z.string().nullable().describe('The model to go on with.'),
  thresholds: z.array(z.int()).describe('Percent at which an alert is sent.'),
  changed_by: z.string(),
  changed_at: z.string().nullable(),
})

export type Budget = z.input<typeof budgetShape>

export interface BudgetRow {
  readonly id: string | null
  readonly scope: z.output<typeof Scope>
  readonly member: string
  readonly is_each: boolean
  readonly period: z.output<typeof Period>
  readonly tier: string | null
  readonly limit_nano: bigint | null
  readonly granted_nano: bigint
  readonly spent_nano: bigint
  readonly held_nano: bigint
  readonly starts_at: Date
  readonly resets_at: Date | null
  readonly action: z.output<typeof Action>
  readonly degrade_to: string | null
  readonly thresholds: number[]
  readonly changed_by: string
  readonly changed_at: Date | null
}

/** Of a budget for each member: those shown who have spent most. */
const MEMBERS = 100

const listed = sqlFile<
  { tenant_id: string; id: string | null; member: string | null; members: number },
  BudgetRow
>(import.meta.url, 'list-budgets.sql')

export async function budgetsOf(tx: Reader, tenantId: string): Promise<Budget[]> {
  const rows = await tx.all(listed({ tenant_id: tenantId, id: null, member: null, members: MEMBERS }))
  return rows.map(shownBudget)
}

/** One budget after it was changed; of one for each member that of `member`, where it has been asked for. */
export async function budgetOf(
  tx: Reader,
  tenantId: string,
  id: string,
  member: string | null = null,
): Promise<Budget | undefined> {
  const members = member === null ? 1 : 1_000_000
  const row = await tx.first(listed({ tenant_id: tenantId, id, member, members }))
  return row === undefined ? undefined : shownBudget(row)
}

export function shownBudget(row: BudgetRow): Budget {
  const { is_each, member, starts_at, resets_at, ...rest } = row
  return {
    ...rest,
    ...shownAmounts(row),
    member: member === '' ? null : member,
    each: is_each,
    starts_at: starts_at.toISOString(),
    resets_at: resets_at?.toISOString() ?? null,
    changed_at: row.changed_at?.toISOString() ?? null,
  }
}

/** What is spent, held and left of it. */
export function shownAmounts({
  limit_nano,
  granted_nano,
  spent_nano,
  held_nano,
}: Pick<BudgetRow, 'limit_nano' | 'granted_nano' | 'spent_nano' | 'held_nano'>) {
  const allowed = limit_nano === null ? null : limit_nano + granted_nano
  return {
    limit_nano: text(limit_nano),
    granted_nano: String(granted_nano),
    spent_nano: String(spent_nano),
    held_nano: String(held_nano),
    left_nano: allowed === null ? null : String(atLeastNothing(allowed - spent_nano - held_nano)),
    percent: allowed === null ? null : percentOf(spent_nano, allowed),
  }
}

/** With one digit behind the point, rounded down: nothing is full before it is. A budget of nothing is full. */
export function percentOf(part: bigint, whole: bigint): number {
  return whole === 0n ? 100 : Number((part * 1000n) / whole) / 10
}

function text(nano: bigint | null): string | null {
  return nano === null ? null : String(nano)
}

function atLeastNothing(nano: bigint): bigint {
  return nano < 0n ? 0n : nano
}
