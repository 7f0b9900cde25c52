// Tiers as operators see them.
import { z } from 'zod'
import type { Reader, Statement } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'

export const tierId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be 1 to 40 characters: a-z, 0-9 and -, beginning with a letter')
  .describe('Its short name.')

export const tierShape = z.strictObject({
  id: z.string(),
  name: z.string(),
  limit_nano: z.string().nullable().describe('Nano-USD a month; "0" is nothing, null is no limit.'),
  requests_per_minute: z.int().nullable().describe('Of a tenant; null: the rate of the deployment.'),
  models: z.array(z.string()),
  next_tier: z.string().nullable().describe('What a refusal points to.'),
  price_nano: z.string().nullable().describe('Nano-USD a month; shown to tenants, never charged.'),
  self_service: z.boolean().describe('Tenants of the tier before it may move into it by themselves.'),
  tenants: z.int().describe('How many tenants are in it.'),
})
export type TierShown = z.output<typeof tierShape>

interface TierRow extends Omit<TierShown, 'limit_nano' | 'price_nano'> {
  readonly limit_nano: bigint | null
  readonly price_nano: bigint | null
}

export async function allTiers(tx: Reader): Promise<TierShown[]> {
  return (await tx.all(tiersWith(null))).map(shown)
}

/** `not_found` (`unknown_tier`) when there is none, with those there are. */
export async function findTier(tx: Reader, id: string): Promise<TierShown> {
  const row = await tx.first(tiersWith(id))
  if (row === undefined) throw await unknownTier(tx, id)
  return shown(row)
}

export async function unknownTier(tx: Reader, id: string) {
  const known = await tx.all(sql<{ id: string }>`select id from app.tier order by id`)
  return fault('not_found', {
    reason: 'unknown_tier',
    say: `There is no tier "${id}"; there are ${known.map(tier => tier.id).join(', ')}.`,
  })
}

function tiersWith(id: string | null): Statement<TierRow> {
  return sql<TierRow>`
    select id, name, limit_nano, requests_per_minute, models, next_tier, price_nano, is_self_service as self_service,
      (select count(*)::int from app.tenant t where t.tier = r.id) as tenants
    from app.tier r where ${id}::text is null or id = ${id}
    order by limit_nano nulls last, id`
}

function shown(row: TierRow): TierShown {
  return { ...row, limit_nano: text(row.limit_nano), price_nano: text(row.price_nano) }
}

function text(nano: bigint | null): string | null {
  return nano === null ? null : String(nano)
}
