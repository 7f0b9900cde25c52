// upgrade_tier: a tenant moves into the next tier by itself, where the operator lets it. What it may spend rises at once
// and everywhere; how often it may call and which models, in the other processes within two seconds.
import { z } from 'zod'
import { orderBudgetRaised } from '../../../../gate/money/budget-raised.ts'
import { defineOperation } from '../../../../gate/operation.ts'
import type { Writer } from '../../../../platform/db/database.ts'
import { sql } from '../../../../platform/db/statements.ts'
import { fault, type Fault } from '../../../../platform/faults.ts'
import { tierId } from '../tier-rows.ts'
import { tierOfferOf, tierOfferShape, type TierOffer } from './tier-offer.ts'

export interface UpgradeTierDeps {
  /** This process knows before the caller is answered; the others within two seconds. */
  readonly refreshTrust: () => Promise<void>
}

/** Of app.move_to_next_tier. */
type Outcome = 'moved' | 'already' | 'not_next' | 'operators_only'

export function upgradeTier({ refreshTrust }: UpgradeTierDeps) {
  return defineOperation({
    name: 'upgrade_tier',
    title: 'Move into the next tier',
    description:
      'Moves the tenant into the next tier, if the operator lets tenants do so. It holds from the next call on.',
    realm: 'tenant',
    access: 'write',
    tool: false,
    uncounted: true,
    scope: 'budgets:write',
    input: z.strictObject({
      to: tierId.describe(
        'The tier that get_tier_offer names as the next one: nobody moves into another unawares.',
      ),
    }),
    output: tierOfferShape,
    async run({ to }, call) {
      const { tenantId } = call.principal
      call.about(`tier:${to}`)
      const offer = await call.write(async tx => {
        const outcome = await move(tx, to)
        const now = await tierOfferOf(tx, tenantId, true)
        if (outcome !== 'moved') throw refusal(outcome, to, now)
        // What was put off for want of money goes on.
        await orderBudgetRaised(tx, tenantId)
        return now
      })
      await refreshTrust()
      return offer
    },
  })
}

async function move(tx: Writer, to: string): Promise<Outcome> {
  const row = await tx.first(sql<{ outcome: Outcome }>`select app.move_to_next_tier(${to}) as outcome`)
  if (row === undefined) throw fault('internal', { detail: 'a function returns a row' })
  return row.outcome
}

function refusal(outcome: Exclude<Outcome, 'moved'>, to: string, { tier, next }: TierOffer): Fault {
  if (outcome === 'already')
    return fault('conflict', { reason: 'already_in_tier', say: `The tenant is in the tier "${to}" already.` })
  if (outcome === 'operators_only')
    return fault('forbidden', {
      reason: 'not_self_service',
      say: `The operator of this deployment moves tenants to the tier "${to}"; ask them.`,
    })
  return fault('conflict', {
    reason: 'not_next_tier',
    say:
      next === null
        ? `No tier comes after "${tier.id}"; the operator of this deployment can change the tenant’s limit.`
        : `From "${tier.id}" the next tier is "${next.id}"; "${to}" is not.`,
    facts: { next_tier: next?.id ?? null },
  })
}
