// What the operations that change a budget have in common: whose it may be, and that whoever waits for money is told.
import type { TenantPrincipal } from '../../../gate/call.ts'
import { orderBudgetRaised } from '../../../gate/money/budget-raised.ts'
import type { Reader, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import type { BudgetName } from './budget-fields.ts'
import { budgetOf, type Budget } from './budget-rows.ts'

/** The row a budget has; what is not said of a change stays. */
export interface StoredBudget {
  readonly id: string
  readonly limit_nano: bigint | null
  readonly follows_tier: boolean
  readonly action: Budget['action']
  readonly degrade_to: string | null
  readonly thresholds: number[]
}

/**
 * The member as it is stored: '' of the tenant. Throws where there is one too many or too few, and `forbidden` where the
 * budget is the tenant's own and the caller no operator (the policies of app.budget refuse it too).
 */
export function memberToChange(
  { scope, member }: Pick<BudgetName, 'scope' | 'member'>,
  { scopes }: Pick<TenantPrincipal, 'scopes'>,
): string {
  if (scope === 'tenant') {
    if (member !== undefined)
      throw invalid('member', 'A budget of the tenant has no member: leave it out, or name another scope.')
    if (!scopes.has('budgets:grant')) {
      throw fault('forbidden', {
        reason: 'insufficient_scope',
        say: 'What a tenant may spend at all is for the operator of this deployment to say (scope budgets:grant).',
      })
    }
    return ''
  }
  if (member === undefined)
    throw invalid('member', `Say which ${scope} the budget is of; "*" is each of them by itself.`)
  return member
}

export function invalid(field: string, message: string): Error {
  return fault('invalid_input', { say: message, issues: [{ field, message }] })
}

/** Held until the transaction ends; undefined where there is no such row. */
export async function storedBudget(
  tx: Reader,
  tenantId: string,
  { scope, member = '', period }: BudgetName,
): Promise<StoredBudget | undefined> {
  return tx.first(sql<StoredBudget>`
    select id, limit_nano, follows_tier, action, degrade_to, thresholds from app.budget
    where tenant_id = ${tenantId} and scope = ${scope} and member = ${member} and period = ${period} for no key update`)
}

/** The budget as the caller is answered; what may go on now is told so in the same transaction. */
export async function changedBudget(
  tx: Writer,
  tenantId: string,
  { id, member }: { readonly id: string; readonly member?: string },
): Promise<Budget> {
  await orderBudgetRaised(tx, tenantId)
  const budget = await budgetOf(tx, tenantId, id, member)
  if (budget === undefined) throw fault('internal', { detail: 'a budget that was just written is not there' })
  return budget
}

export function noSuchBudget(name: string): Error {
  return fault('not_found', { reason: 'no_budget', say: `There is no budget of ${name}.` })
}
