// Whether a tenant's tier has a model; where it has not, which tier does.
import type { ReadCall } from '../../../gate/call.ts'
import { allowsModel, type Tier } from '../../../gate/money/tiers.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { EXTRACTIVE } from '../../../platform/model-settings.ts'

export function isInTier(tier: Tier, model: string): boolean {
  return model === EXTRACTIVE || allowsModel(tier, model)
}

/** Throws `forbidden` (`model_not_in_tier`), naming the next tier up that has the model. */
export async function requireInTier(call: Pick<ReadCall, 'read'>, tier: Tier, model: string): Promise<void> {
  if (isInTier(tier, model)) return
  const above = await call.read(tx =>
    tx.all(sql<Pick<Tier, 'id' | 'name'> & { models: string[] }>`
      with recursive above (id, name, models, next_tier, step) as (
        select n.id, n.name, n.models, n.next_tier, 1 from app.tier t join app.tier n on n.id = t.next_tier where t.id = ${tier.id}
        union all
        select n.id, n.name, n.models, n.next_tier, a.step + 1
        from above a join app.tier n on n.id = a.next_tier where a.step < 10
      )
      select id, name, models from above order by step`),
  )
  const next = above.find(one => allowsModel(one, model))
  throw fault('forbidden', {
    reason: 'model_not_in_tier',
    say: `The tier ${tier.name} does not have the model ${model}; it has ${[...tier.models, EXTRACTIVE].join(', ')}. ${
      next === undefined ? 'No higher tier has it.' : `${next.name} has it; the operator can change the tier.`
    }`,
    facts: { model, tier: tier.id, next_tier: next?.id ?? null },
  })
}
