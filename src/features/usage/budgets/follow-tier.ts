// follow_tier: the tenant's monthly limit is its tier's again.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { budgetShape } from './budget-rows.ts'
import { changedBudget } from './change-budget.ts'

export const followTier = defineOperation({
  name: 'follow_tier',
  title: 'Follow the tier',
  description: 'Gives the tenant the monthly limit of its tier again, whatever the tier becomes.',
  realm: 'tenant',
  access: 'write',
  tool: false,
  uncounted: true,
  scope: 'budgets:grant',
  input: z.strictObject({}),
  output: z.strictObject({ budget: budgetShape }),
  async run(_, call) {
    const { tenantId, subject } = call.principal
    call.about('budget:tenant, month limit:tier')
    return call.write(async tx => {
      const row = await tx.first(sql<{ id: string }>`
        insert into app.budget (tenant_id, id, scope, member, period, follows_tier, changed_by)
        values (${tenantId}, ${uuidv7()}, 'tenant', '', 'month', true, ${subject})
        on conflict (tenant_id, scope, member, period)
        do update set follows_tier = true, limit_nano = null, changed_by = excluded.changed_by, changed_at = now()
        returning id`)
      if (row === undefined) throw fault('internal', { detail: 'an upsert returns its row' })
      return { budget: await changedBudget(tx, tenantId, { id: row.id }) }
    })
  },
})
