// Whether a row of the ledger costs what its own units and prices say: pure.
import { costOf, type PerMillion } from '../../../gate/money/usage.ts'

export interface BookedRow {
  readonly kind: 'charge' | 'correction'
  readonly basis: 'provider' | 'counted' | 'hold' | 'correction'
  readonly usage: Readonly<Record<string, unknown>>
  readonly per_million: Readonly<Record<string, unknown>>
  readonly cost_nano: bigint
  readonly uncharged_nano: bigint
  /** Of the hold it settles; null where there is no such hold. */
  readonly hold_nano: bigint | null
  readonly hold_state: string | null
}

/** What is wrong with the row, in words; undefined when nothing is. */
export function wrongCost(row: BookedRow): { readonly kind: WrongCost; readonly says: string } | undefined {
  const { kind, basis, cost_nano: cost, uncharged_nano: uncharged, hold_nano, hold_state } = row
  if (hold_nano === null || hold_state !== 'settled')
    return { kind: 'hold_not_settled', says: `it stands on a hold that is ${hold_state ?? 'not there'}` }
  if (kind === 'correction') return undefined
  if (cost > hold_nano)
    return { kind: 'above_hold', says: `${cost} nano-USD were charged and ${hold_nano} were held` }
  if (basis === 'hold') return undefined
  const computed = computedCost(row)
  if (computed === undefined)
    return { kind: 'cost_differs', says: 'it has units without a price, or amounts that are none' }
  if (computed === cost + uncharged) return undefined
  return {
    kind: 'cost_differs',
    says: `its units cost ${computed} nano-USD, and it says ${cost}${uncharged === 0n ? '' : ` and ${uncharged} not charged`}`,
  }
}

export type WrongCost = 'cost_differs' | 'above_hold' | 'hold_not_settled'

function computedCost({ usage, per_million }: BookedRow): bigint | undefined {
  try {
    const prices = Object.entries(per_million).map(([component, nano]) => [component, BigInt(Number(nano))])
    return costOf(usage, Object.fromEntries(prices) as PerMillion)
  } catch {
    return undefined
  }
}
