// delete_budget: takes a limit away, and with it what was counted against it. The ledger stays.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { orderBudgetRaised } from '../../../gate/money/budget-raised.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { budgetName, spoken } from './budget-fields.ts'
import { memberToChange, noSuchBudget } from './change-budget.ts'

export const deleteBudget = defineOperation({
  name: 'delete_budget',
  title: 'Delete a budget',
  description:
    'Takes a limit away. The monthly one of the tenant cannot be deleted; set it to null, or let it follow its tier.',
  realm: 'tenant',
  access: 'write',
  tool: false,
  uncounted: true,
  scope: 'budgets:write',
  destructive: true,
  input: z.strictObject(budgetName),
  output: z.strictObject({ deleted: z.boolean() }),
  async run(asked, call) {
    const { tenantId } = call.principal
    const { period } = asked
    const name = { ...asked, member: memberToChange(asked, call.principal) }
    call.about(`budget:${spoken(name)}`)
    // It would come back with the next call, with nothing spent.
    if (asked.scope === 'tenant' && period === 'month')
      throw fault('conflict', {
        reason: 'tier_budget',
        say: 'Every tenant has a monthly budget: set it to no limit (`budget set --limit none`), or let it follow the tier (`budget follow-tier`).',
      })
    return call.write(async tx => {
      const deleted = await tx.run(sql`
        delete from app.budget
        where tenant_id = ${tenantId} and scope = ${name.scope} and member = ${name.member} and period = ${period}`)
      if (deleted === 0) throw noSuchBudget(spoken(name))
      await orderBudgetRaised(tx, tenantId)
      return { deleted: true }
    })
  },
})
