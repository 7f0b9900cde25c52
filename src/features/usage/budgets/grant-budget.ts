// grant_budget: room on top of a limit, until the budget resets.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { budgetName, Member, MOST_NANO, NanoAmount, spoken, type BudgetName } from './budget-fields.ts'
import { budgetOf, budgetShape } from './budget-rows.ts'
import { changedBudget, invalid, memberToChange, noSuchBudget, storedBudget } from './change-budget.ts'

export const grantBudget = defineOperation({
  name: 'grant_budget',
  title: 'Grant room in a budget',
  description: 'Adds to what may be spent in the window of this moment; the limit stays as it is.',
  realm: 'tenant',
  access: 'write',
  tool: false,
  uncounted: true,
  scope: 'budgets:write',
  input: z.strictObject({
    ...budgetName,
    amount_nano: NanoAmount.refine(amount => amount !== '0', 'must be more than nothing'),
    of: Member.optional().describe('Of a budget for each member ("*"): the one that gets the room.'),
  }),
  output: z.strictObject({ budget: budgetShape }),
  async run({ of, amount_nano, ...asked }, call) {
    const { tenantId } = call.principal
    const name = { ...asked, member: memberToChange(asked, call.principal) }
    if (of !== undefined && name.member !== '*')
      throw invalid('of', 'Only a budget for each member ("*") is granted to one of them.')
    if (of === undefined && name.member === '*')
      throw invalid('of', `Say which ${asked.scope} gets the room: a budget for each is counted by itself.`)
    const member = of ?? name.member
    call.about(`budget:${spoken({ ...name, member })} granted:${amount_nano}`)
    return call.write(async tx => {
      const id = await budgetToGrant(tx, tenantId, name)
      const before = await budgetOf(tx, tenantId, id, member)
      if (BigInt(before?.granted_nano ?? 0) + BigInt(amount_nano) > MOST_NANO)
        throw invalid('amount_nano', 'With what was granted before that is more than $9,000,000,000.')
      await tx.run(sql`select app.grant_budget(${id}, ${member}, ${BigInt(amount_nano)})`)
      return { budget: await changedBudget(tx, tenantId, { id, member }) }
    })
  },
})

/** The monthly one of the tenant is its tier's: granting there makes its row where no call has yet. */
async function budgetToGrant(tx: Writer, tenantId: string, name: BudgetName): Promise<string> {
  const stored = await storedBudget(tx, tenantId, name)
  if (stored !== undefined) return stored.id
  if (name.scope !== 'tenant' || name.period !== 'month') throw noSuchBudget(spoken(name))
  const made = await tx.first(sql<{ id: string }>`
    insert into app.budget (tenant_id, id, scope, member, period, follows_tier, changed_by)
    values (${tenantId}, ${uuidv7()}, 'tenant', '', 'month', true, 'gatehouse:tiers') returning id`)
  if (made === undefined) throw fault('internal', { detail: 'an insert returns its row' })
  return made.id
}
