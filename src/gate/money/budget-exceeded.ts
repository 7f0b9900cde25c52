// The refusal of a call that no budget has room for. It says which budget, how far it is used, when it is free again and
// what can be done; machines read the same in `facts`.
import { fault, type Fault } from '../../platform/faults.ts'
import type { FullBudget } from './holds.ts'
import { dollars } from './money-text.ts'

export function budgetExceeded(full: FullBudget, needed: bigint): Fault {
  const { scope, member, period, limit_nano, spent_nano, other_holds_nano, resets_at, next_tier } = full
  const used = `${dollars(spent_nano)} of ${dollars(limit_nano)} is spent and ${dollars(other_holds_nano)} is held by calls under way`
  const when = resets_at === null ? '' : ` It is free again at ${resets_at.toISOString()}.`
  return fault('budget_exceeded', {
    reason: limit_nano === 0n ? 'budget_blocked' : 'budget_exceeded',
    say: `${whose(scope, member)} ${PERIOD[period]} leaves no room for this call, which needs ${dollars(needed)}: ${used}.${when}${remedy(full)}`,
    facts: {
      scope,
      member: member === '' ? null : member,
      period,
      limit_nano: String(limit_nano),
      spent_nano: String(spent_nano),
      held_nano: String(other_holds_nano),
      needed_nano: String(needed),
      resets_at: resets_at?.toISOString() ?? null,
      action: full.action,
      degrade_to: full.degrade_to,
      next_tier: next_tier?.id ?? null,
    },
  })
}

const PERIOD: Record<FullBudget['period'], string> = {
  day: 'daily budget',
  week: 'weekly budget',
  month: 'monthly budget',
  lifetime: 'budget',
}

function whose(scope: FullBudget['scope'], member: string): string {
  if (scope === 'tenant') return 'The tenant’s'
  return { user: 'Your', key: 'This API key’s', model: `The model ${member}’s`, task: 'The task’s' }[scope]
}

function remedy({ scope, next_tier }: FullBudget): string {
  if (scope !== 'tenant') return ' An admin of the tenant can raise it.'
  if (next_tier === null) return ' The operator can raise it.'
  const { name, limit_nano, is_self_service } = next_tier
  const whoMay = is_self_service ? 'an admin of the tenant can move it there' : 'the operator can change it'
  const room = limit_nano === null ? 'no limit' : `${dollars(BigInt(limit_nano))} a month`
  return ` The next tier is ${name} (${room}); ${whoMay}.`
}
