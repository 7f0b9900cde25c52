// list_budgets: every limit on what the tenant spends, and how far it is used.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { budgetShape, budgetsOf } from './budget-rows.ts'

export const listBudgets = defineOperation({
  name: 'list_budgets',
  title: 'List the budgets',
  description:
    'Lists the budgets of the tenant with what is spent, held by calls under way, granted and left in the window of this moment.',
  realm: 'tenant',
  access: 'read',
  tool: false,
  uncounted: true,
  scope: 'costs:read',
  input: z.strictObject({}),
  output: z.strictObject({ budgets: z.array(budgetShape) }),
  run: (_, call) => call.read(async tx => ({ budgets: await budgetsOf(tx, call.principal.tenantId) })),
})
