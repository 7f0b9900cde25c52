// Why there is no money for a text's vector.
import { Fault } from '../../../platform/faults.ts'

/** What money keeps from being embedded: it waits until there is some, or the price is known. */
export type MoneyReason = 'budget_exceeded' | 'price_unknown'

export function moneyReason(error: unknown): MoneyReason | undefined {
  if (!(error instanceof Fault)) return undefined
  if (error.code === 'budget_exceeded') return 'budget_exceeded'
  return error.reason === 'price_unknown' ? 'price_unknown' : undefined
}
