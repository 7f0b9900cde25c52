// What the tenants of the samples can be upgraded to: the tier "pro" at the price of the article, by themselves. Only in a
// deployment that has samples, and only while nobody has said what "pro" costs.
import type { TierShown } from '../tier-rows.ts'

const OFFER = { tier: 'pro', price_nano: '25000000000', self_service: true } as const

/** `operate` runs operations of the deployment. */
export async function offerSampleTier(
  operate: (name: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>,
): Promise<void> {
  const { tiers } = (await operate('list_tiers', {})) as { tiers: TierShown[] }
  const isUntouched = tiers.some(
    ({ id, price_nano, self_service }) => id === OFFER.tier && price_nano === null && !self_service,
  )
  if (isUntouched) await operate('set_tier', OFFER)
}
