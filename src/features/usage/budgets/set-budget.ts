// set_budget: limits what the tenant, a user, a key, a model or a task may spend in a day, week, month or ever.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { Action, budgetName, NanoAmount, spoken, type BudgetName } from './budget-fields.ts'
import { budgetShape } from './budget-rows.ts'
import { changedBudget, invalid, memberToChange, storedBudget, type StoredBudget } from './change-budget.ts'

const input = z.strictObject({
  ...budgetName,
  limit_nano: NanoAmount.nullable()
    .optional()
    .describe(
      'Nano-USD: "500000000" is $0.50, "0" blocks and takes back what was granted, null is no limit. Left out, it stays.',
    ),
  action: Action.optional(),
  degrade_to: z
    .string()
    .min(1)
    .max(200)
    .nullable()
    .optional()
    .describe('With the action degrade: the model to go on with.'),
  thresholds: z
    .array(z.int().min(1).max(1000))
    .max(10)
    .refine(given => new Set(given).size === given.length, 'must each be named once')
    .optional()
    .describe('Percent of the limit at which an alert is sent; 50, 80, 95 and 100 by default.'),
})

type Change = z.output<typeof input>

/** What calls that reserve look through grows with them. */
const MOST_BUDGETS = 1_000

export const setBudget = defineOperation({
  name: 'set_budget',
  title: 'Set a budget',
  description:
    'Sets what may be spent, from the next call on. What is left out stays as it is. A limit of "0" blocks, null is no limit.',
  realm: 'tenant',
  access: 'write',
  tool: false,
  uncounted: true,
  scope: 'budgets:write',
  input,
  output: z.strictObject({ budget: budgetShape }),
  async run(change, call) {
    const { tenantId, subject } = call.principal
    const name = { ...change, member: memberToChange(change, call.principal) }
    return call.write(async tx => {
      const before = await storedBudget(tx, tenantId, name)
      const after = { ...resulting(before, change), id: before?.id ?? uuidv7() }
      const limit = after.follows_tier ? 'tier' : (after.limit_nano ?? 'none')
      call.about(`budget:${spoken(name)} limit:${limit} action:${after.action}`)
      if (before === undefined) await insert(tx, { tenantId, subject, name, budget: after })
      else await update(tx, { tenantId, subject, name, budget: after })
      if (after.limit_nano === 0n) await takeBackGrants(tx, tenantId, after.id)
      return { budget: await changedBudget(tx, tenantId, { id: after.id }) }
    })
  },
})

/** The budget after the change. A new one needs a limit, but the tenant's monthly one: that has its tier's. */
export function resulting(
  before: Omit<StoredBudget, 'id'> | undefined,
  { scope, period, limit_nano, action: asked, degrade_to, thresholds }: Change,
): Omit<StoredBudget, 'id'> {
  const isTiers = before === undefined && scope === 'tenant' && period === 'month'
  if (before === undefined && limit_nano === undefined && !isTiers)
    throw invalid('limit_nano', 'A new budget needs a limit: an amount, "0" to block, or null for no limit.')
  const action = asked ?? before?.action ?? 'block'
  if (typeof degrade_to === 'string' && action !== 'degrade')
    throw invalid('degrade_to', 'A model to go on with needs the action degrade.')
  return {
    limit_nano: limit_nano === undefined ? (before?.limit_nano ?? null) : nano(limit_nano),
    follows_tier: limit_nano === undefined && (before?.follows_tier ?? isTiers),
    action,
    degrade_to:
      action !== 'degrade' ? null : degrade_to === undefined ? (before?.degrade_to ?? null) : degrade_to,
    thresholds: (thresholds ?? before?.thresholds ?? [50, 80, 95, 100]).toSorted((a, b) => a - b),
  }
}

function nano(limit: string | null): bigint | null {
  return limit === null ? null : BigInt(limit)
}

interface Writing {
  readonly tenantId: string
  readonly subject: string
  readonly name: BudgetName
  readonly budget: StoredBudget
}

async function insert(tx: Writer, { tenantId, subject, name, budget }: Writing): Promise<void> {
  const counted = await tx.first(
    sql<{ count: number }>`select count(*)::int as count from app.budget where tenant_id = ${tenantId}`,
  )
  if ((counted?.count ?? 0) >= MOST_BUDGETS)
    throw fault('conflict', {
      reason: 'too_many_budgets',
      say: `A tenant has at most ${MOST_BUDGETS} budgets: delete one, or use "*" for each member by itself.`,
    })
  const { id, limit_nano, follows_tier, action, degrade_to, thresholds } = budget
  await tx.run(sql`
    insert into app.budget (tenant_id, id, scope, member, period, limit_nano, follows_tier, action, degrade_to, thresholds,
      changed_by)
    values (${tenantId}, ${id}, ${name.scope}, ${name.member}, ${name.period}, ${limit_nano}, ${follows_tier}, ${action},
      ${degrade_to}, ${thresholds}, ${subject})`)
}

async function update(tx: Writer, { tenantId, subject, budget }: Writing): Promise<void> {
  const { id, limit_nano, follows_tier, action, degrade_to, thresholds } = budget
  const changed = await tx.run(sql`
    update app.budget set limit_nano = ${limit_nano}, follows_tier = ${follows_tier}, action = ${action},
      degrade_to = ${degrade_to}, thresholds = ${thresholds}, changed_by = ${subject}, changed_at = now()
    where tenant_id = ${tenantId} and id = ${id}`)
  if (changed !== 1) throw fault('forbidden', { detail: 'the policies of app.budget refuse the change' })
}

/** Who blocks means it: what was granted before does not go on. A later grant does. */
async function takeBackGrants(tx: Writer, tenantId: string, id: string): Promise<void> {
  await tx.run(sql`
    select app.grant_budget(w.budget_id, w.member, -w.granted_nano)
    from app.budget b cross join lateral app.budget_period(b.period, clock_timestamp()) p
      join app.budget_window w on w.tenant_id = b.tenant_id and w.budget_id = b.id and w.starts_at = p.starts_at
    where b.tenant_id = ${tenantId} and b.id = ${id} and w.granted_nano > 0`)
}
