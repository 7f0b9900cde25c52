// get_own_budgets: how far the budgets are used that bind whoever asks. Everybody who can spend may ask, also when
// nothing is left. Their own amounts are exact; what the whole tenant spends in dollars is for those who may see costs.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import { Action, Period, ShownNano } from './budget-fields.ts'
import { shownAmounts, type BudgetRow } from './budget-rows.ts'

const OWN_SCOPES = ['tenant', 'user', 'key'] as const

const ownBudget = z.strictObject({
  scope: z.enum(OWN_SCOPES).describe('Whose: the tenant’s, yours, that of the API key you came with.'),
  period: Period,
  limit_nano: ShownNano.nullable().describe('Null: no limit, or not shown.'),
  granted_nano: ShownNano.nullable(),
  spent_nano: ShownNano.nullable(),
  held_nano: ShownNano.nullable().describe('Reserved by calls under way.'),
  left_nano: ShownNano.nullable(),
  amounts_shown: z.boolean().describe('False of the tenant’s without the scope costs:read.'),
  percent: z.number().nullable().describe('Of limit and grants, spent; null where there is no limit.'),
  is_full: z.boolean().describe('Nothing more can be reserved.'),
  starts_at: z.string(),
  resets_at: z.string().nullable().describe('Null: never.'),
  action: Action,
  degrade_to: z.string().nullable(),
})
type OwnBudget = z.input<typeof ownBudget>

interface OwnRow
  extends Pick<
    BudgetRow,
    | 'period'
    | 'limit_nano'
    | 'granted_nano'
    | 'spent_nano'
    | 'held_nano'
    | 'starts_at'
    | 'resets_at'
    | 'action'
    | 'degrade_to'
  > {
  readonly scope: (typeof OWN_SCOPES)[number]
}

const ownRows = sqlFile<{ tenant_id: string; subject: string; key_id: string | null }, OwnRow>(
  import.meta.url,
  'own-budgets.sql',
)

export const getOwnBudgets = defineOperation({
  name: 'get_own_budgets',
  title: 'Show your own budgets',
  description:
    'Says how far the budgets are used that every call of yours must fit in: the tenant’s, yours, your API key’s.',
  realm: 'tenant',
  access: 'read',
  tool: false,
  uncounted: true,
  scope: 'documents:read',
  input: z.strictObject({}),
  output: z.strictObject({ budgets: z.array(ownBudget) }),
  async run(_, call) {
    const { tenantId: tenant_id, subject, tokenId, scopes } = call.principal
    const key_id = tokenId.startsWith('key:') ? tokenId.slice('key:'.length) : null
    const [rows] = await call.readBatch([ownRows({ tenant_id, subject, key_id })])
    return { budgets: rows.map(row => shown(row, row.scope !== 'tenant' || scopes.has('costs:read'))) }
  },
})

function shown(row: OwnRow, isExact: boolean): OwnBudget {
  const { scope, period, action, degrade_to, starts_at, resets_at } = row
  const { percent, ...amounts } = shownAmounts(row)
  return {
    scope,
    period,
    ...(isExact ? amounts : NOT_SHOWN),
    amounts_shown: isExact,
    percent,
    is_full: amounts.left_nano === '0',
    starts_at: starts_at.toISOString(),
    resets_at: resets_at?.toISOString() ?? null,
    action,
    degrade_to,
  }
}

const NOT_SHOWN = {
  limit_nano: null,
  granted_nano: null,
  spent_nano: null,
  held_nano: null,
  left_nano: null,
} as const
