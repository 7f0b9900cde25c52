// How a hold ends: what was said of the call becomes an amount, and the hold is settled at it. Where it is not known what
// was used, all that was held is charged, and somebody is told.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../platform/db/database.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { settle, type Basis, type Hold, type Payer, type Settlement } from './holds.ts'
import { costOf, MOST_NANO, type PerMillion, type Price, type Usage } from './usage.ts'

/** What the code that called the provider has told of it. */
export interface Said {
  isSent: boolean
  usage?: Usage
  basis?: Exclude<Basis, 'hold'>
}

interface Ending {
  readonly said: Said
  readonly price: Price
}

/** What a call has cost in the end. */
export type Settled = Omit<Settlement, 'nano'> & { readonly nano: bigint }

/** Usage that has no price, or is no number: a provider, or what reads its answers, is broken. */
type SettlementOf = Settlement & { readonly isOdd?: boolean }

const PAUSES_MS = [50, 250, 1_000] as const

export function settler({ database, log }: { readonly database: Database; readonly log: Logger }) {
  /** Does not throw: what could not be settled is settled when the hold expires, at all that was held. */
  return async function end(payer: Payer, hold: Hold, { said, price }: Ending): Promise<Settled> {
    const settlement = settlementOf(hold, price, said)
    const known = { alarm: 'money', hold: hold.id, model: price.model }
    const excess = (settlement.nano ?? 0n) - hold.nano
    const charged = excess > 0n ? hold.nano : (settlement.nano ?? 0n)
    const { usage, basis } = settlement
    if (settlement.isOdd === true)
      log.error(known, 'a provider reported usage that cannot be priced: all that was held is charged')
    else if (excess > 0n)
      log.error(
        { ...known, uncharged_nano: String(excess) },
        'a provider used more than it was allowed: only what was held is charged',
      )
    for (const pause of [...PAUSES_MS, undefined]) {
      try {
        const state = await settle(database, payer, hold, settlement)
        if (state === 'released' && settlement.nano !== null)
          log.error(known, 'a hold had ended before its call did: nothing is charged for it')
        return { usage, basis, nano: state === 'settled' ? charged : 0n }
      } catch (error) {
        if (pause !== undefined) await sleep(pause)
        else log.error({ ...known, err: error }, 'a hold could not be settled: it is charged when it expires')
      }
    }
    return { usage: {}, basis: 'hold', nano: said.isSent ? hold.nano : 0n }
  }
}

/** What a hold ends with, by what was said of the call. */
export function settlementOf(
  hold: Hold,
  { perMillion }: { readonly perMillion: PerMillion },
  { isSent, usage, basis = 'provider' }: Said,
): SettlementOf {
  if (usage === undefined) return { usage: {}, nano: isSent ? hold.nano : null, basis: 'hold' }
  if (Object.values(usage).every(units => units === 0)) return { usage: {}, nano: null, basis }
  try {
    const nano = costOf(usage, perMillion)
    if (nano <= MOST_NANO) return { usage, nano, basis }
  } catch {
    // What is wrong with it stands in no answer of ours; the alarm names model and hold.
  }
  return { usage: {}, nano: hold.nano, basis: 'hold', isOdd: true }
}
