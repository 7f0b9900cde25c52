// What a tenant is offered: its tier, the next one with its price, and who may move it there.
import { z } from 'zod'
import type { Reader } from '../../../../platform/db/database.ts'
import { sqlFile } from '../../../../platform/db/statements.ts'
import { fault } from '../../../../platform/faults.ts'
import { dollars } from '../../../../gate/money/money-text.ts'

const offeredTier = z.strictObject({
  id: z.string(),
  name: z.string(),
  limit_nano: z.string().nullable().describe('Nano-USD a month; "0" is nothing, null is no limit.'),
  requests_per_minute: z.int().nullable().describe('Of the tenant; null: the rate of the deployment.'),
  models: z.array(z.string()),
  price_nano: z
    .string()
    .nullable()
    .describe('Nano-USD a month, as the operator says it; nothing is charged.'),
})

export const tierOfferShape = z.strictObject({
  tier: offeredTier.describe('The tenant’s.'),
  follows_tier: z
    .boolean()
    .describe('The tenant’s monthly budget is its tier’s; false: an operator has set another, which stays.'),
  next: offeredTier.nullable().describe('The tier after it; null: there is none.'),
  may_upgrade: z.boolean().describe('Whether this caller may move the tenant there (upgrade_tier).'),
  who_may: z.enum(['you', 'admins', 'operators', 'nobody']).describe('Who could move it there.'),
  say: z.string().describe('What can be done, for a person.'),
})
export type TierOffer = z.output<typeof tierOfferShape>
type OfferedTier = z.output<typeof offeredTier>

interface TierColumns {
  readonly id: string
  readonly name: string
  readonly limit_nano: bigint | null
  readonly requests_per_minute: number | null
  readonly models: string[]
  readonly price_nano: bigint | null
}
/** What the next tier has is null as one where there is none. */
type NextColumns = { readonly [Column in keyof TierColumns as `next_${Column}`]: TierColumns[Column] | null }
interface OfferRow extends TierColumns, NextColumns {
  readonly is_self_service: boolean | null
  readonly follows_tier: boolean
}

const offerRow = sqlFile<{ tenant_id: string }, OfferRow>(import.meta.url, 'tier-offer.sql')

/** `mayWrite`: whether the caller may write budgets, which moving takes. */
export async function tierOfferOf(tx: Reader, tenantId: string, mayWrite: boolean): Promise<TierOffer> {
  const row = await tx.first(offerRow({ tenant_id: tenantId }))
  if (row === undefined) throw fault('internal', { detail: 'a tenant that calls is in the registry' })
  const next = nextOf(row)
  const whoMay =
    next === null ? 'nobody' : row.is_self_service !== true ? 'operators' : mayWrite ? 'you' : 'admins'
  return {
    tier: shown(row),
    follows_tier: row.follows_tier,
    next,
    may_upgrade: whoMay === 'you',
    who_may: whoMay,
    say: advice(whoMay, next),
  }
}

function nextOf(row: OfferRow): OfferedTier | null {
  const { next_id: id, next_name: name } = row
  if (id === null || name === null) return null
  return shown({
    id,
    name,
    limit_nano: row.next_limit_nano,
    requests_per_minute: row.next_requests_per_minute,
    models: row.next_models ?? [],
    price_nano: row.next_price_nano,
  })
}

function shown({ id, name, limit_nano, requests_per_minute, models, price_nano }: TierColumns): OfferedTier {
  return {
    id,
    name,
    limit_nano: limit_nano === null ? null : String(limit_nano),
    requests_per_minute,
    models,
    price_nano: price_nano === null ? null : String(price_nano),
  }
}

function advice(whoMay: TierOffer['who_may'], next: OfferedTier | null): string {
  if (next === null)
    return 'There is no tier above this one; the operator of this deployment can raise the limit.'
  const price =
    next.price_nano === null ? '' : ` (${dollars(BigInt(next.price_nano)).replace(/\.00$/, '')}/month)`
  const named = `${next.name}${price}`
  if (whoMay === 'you') return `Upgrade to ${named}; it holds from the next call on.`
  if (whoMay === 'admins') return `An admin or owner of the tenant can upgrade it to ${named}.`
  return `The operator of this deployment can move the tenant to ${named}.`
}
