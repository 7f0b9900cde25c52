// What another tier changes, side by side.
import type { Output } from '../../../api/call.ts'
import { usdWords } from '../../../parts/shown/money.tsx'

export type Offer = Output<'get_tier_offer'>
export type Tier = Offer['tier']

export interface Change {
  readonly what: string
  readonly before: string
  readonly after: string
}

export function changesOf({ tier, next, follows_tier }: Offer): readonly Change[] {
  if (next === null) return []
  const all = [
    {
      what: 'Monthly budget',
      before: limitWords(tier),
      after: follows_tier ? limitWords(next) : 'stays: the operator has set it',
    },
    { what: 'Requests', before: rateWords(tier), after: rateWords(next) },
    { what: 'Models', before: modelWords(tier), after: modelWords(next) },
  ]
  return all.filter(({ before, after }) => before !== after)
}

/** "$25" a month, as it is advertised; cents where there are any. Undefined where nobody has said a price. */
export function priceWords({ price_nano }: Pick<Tier, 'price_nano'>): string | undefined {
  return price_nano === null ? undefined : `${usdWords(price_nano).replace(/\.00$/, '')}/month`
}

export function limitWords({ limit_nano }: Pick<Tier, 'limit_nano'>): string {
  return limit_nano === null ? 'no limit' : `${usdWords(limit_nano)} a month`
}

export function rateWords({ requests_per_minute: rate }: Pick<Tier, 'requests_per_minute'>): string {
  return rate === null ? 'as many as this server allows' : `${rate.toLocaleString()} a minute`
}

export function modelWords({ models }: Pick<Tier, 'models'>): string {
  if (models.includes('*')) return 'all models'
  return models.length === 0 ? 'none that cost' : models.join(', ')
}
