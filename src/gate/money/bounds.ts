// What a call may cost at most, before it is made: from what can go in and come out, at the dearest price it may get.
import { fault } from '../../platform/faults.ts'
import { costOf, unitsFor, type Component, type PerMillion, type Usage } from './usage.ts'

export interface Bounds {
  /** The most units that can go in, by component. Tokens of a text are never more than its bytes (UTF-8). */
  readonly most: Usage
  /** Of a call that generates: tokens it may put out at most, and the fewest that are of use. */
  readonly output?: { readonly least: number; readonly most: number }
}

export interface CostBounds {
  /** Nano-USD for all input and the fewest tokens of output that are of use. */
  readonly least: bigint
  /** Nano-USD for all input and all output. */
  readonly most: bigint
  readonly input: bigint
  readonly perOutput: bigint
  readonly mostOutput: number
}

/** Each component's cost is rounded up by itself, and what goes in may come back as three of them. */
const ROUNDING = 6n
const GOES_IN: readonly Component[] = ['input', 'cached_input', 'cache_write']
const COMES_OUT: readonly Component[] = ['output', 'reasoning']

/** Throws `price_unknown` where a component that may be used has no price. */
export function boundsOf({ most, output }: Bounds, perMillion: PerMillion): CostBounds {
  const { input: tokens = 0, ...others } = most
  const perInput = dearest(perMillion, tokens === 0 ? [] : GOES_IN, 'input')
  const input =
    costOf({ input: tokens }, { input: perInput }) + costOf(priced(others, perMillion), perMillion)
  const perOutput = dearest(perMillion, output === undefined ? [] : COMES_OUT, 'output')
  const withOutput = (units: number): bigint => {
    const nano = input + costOf({ output: units }, { output: perOutput })
    return nano === 0n ? 0n : nano + ROUNDING
  }
  const mostOutput = output?.most ?? 0
  return {
    least: withOutput(Math.min(output?.least ?? 0, mostOutput)),
    most: withOutput(mostOutput),
    input,
    perOutput,
    mostOutput,
  }
}

/** The tokens of output that a hold of so much pays for. */
export function maxOutputFor(held: bigint, { input, perOutput, mostOutput, most }: CostBounds): number {
  if (held >= most) return mostOutput
  return Math.max(0, Math.min(mostOutput, unitsFor(held - input - ROUNDING, perOutput)))
}

function dearest(perMillion: PerMillion, of: readonly Component[], required: Component): bigint {
  if (of.length === 0) return 0n
  if (perMillion[required] === undefined) throw unpriced(required)
  return of.reduce((most, component) => {
    const price = perMillion[component] ?? 0n
    return price > most ? price : most
  }, 0n)
}

function priced(usage: Usage, perMillion: PerMillion): Usage {
  for (const [component, units] of Object.entries(usage))
    if (units > 0 && perMillion[component as Component] === undefined) throw unpriced(component as Component)
  return usage
}

function unpriced(component: Component): Error {
  return fault('unsupported', {
    reason: 'price_unknown',
    say: `The price of this model says nothing of ${component}: an operator sets one with \`gatehouse price set\`.`,
  })
}
