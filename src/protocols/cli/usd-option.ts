// An amount of money as it is typed, decimal USD, as operations take it: whole nano-USD in a text.
import { nanoOf, usdProblem } from '../../gate/money/usd.ts'
import { fault } from '../../platform/faults.ts'

/** "0.15" is "150000000"; what was not typed stays undefined. `most` in USD. Refuses what is no amount, by the option's name. */
export function usdOption(option: string, typed: string, most?: bigint): string
export function usdOption(option: string, typed: unknown, most?: bigint): string | undefined
export function usdOption(option: string, typed: unknown, most?: bigint): string | undefined {
  if (typed === undefined) return undefined
  const text = typeof typed === 'string' ? typed : ''
  const problem = usdProblem(text, most)
  if (problem === undefined) return String(nanoOf(text, most))
  throw fault('invalid_input', {
    reason: 'amount',
    say: `--${option} ${JSON.stringify(text)} ${problem}.`,
    issues: [{ field: option, message: problem }],
  })
}
