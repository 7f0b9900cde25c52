// What a call has spent so far, whoever spent it on the call's behalf.
import type { ReadCall } from '../../../gate/call.ts'
import type { Settled } from '../../../gate/money/spend.ts'

export interface Bill {
  /** The same call, whose spending is counted here and carries the label. */
  readonly call: ReadCall
  readonly total: () => { readonly usage: Record<string, number>; readonly cost_nano: string }
}

export function billOf(call: ReadCall, label: string | undefined): Bill {
  const settled: Settled[] = []
  const spend: ReadCall['spend'] = (spending, fn) => {
    const hear = (one: Settled): void => {
      settled.push(one)
      spending.settled?.(one)
    }
    return call.spend({ ...spending, label: spending.label ?? label, settled: hear }, fn)
  }
  return {
    call: { ...call, spend },
    total: () => ({
      usage: summed(settled),
      cost_nano: String(settled.reduce((sum, { nano }) => sum + nano, 0n)),
    }),
  }
}

function summed(settled: readonly Settled[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const { usage } of settled)
    for (const [component, units] of Object.entries(usage))
      if (units > 0) sum[component] = (sum[component] ?? 0) + units
  return sum
}
