// What a call to a model used, and what that costs. Money is nano-USD (10^-9 USD) in bigint everywhere: never a float.

/** Kinds of units that have a price of their own. Units are tokens; of `rerank` they are searches of 1,000 passages. */
export const COMPONENTS = [
  'input',
  'cached_input',
  'cache_write',
  'output',
  'reasoning',
  'embedding',
  'rerank',
] as const
export type Component = (typeof COMPONENTS)[number]

/** Whole units, none negative. No unit is in two components: `input` is without the cached, `output` without reasoning. */
export type Usage = { readonly [C in Component]?: number }

/** Nano-USD for a million units. A component that is absent has no price: using it is refused, never free. */
export type PerMillion = { readonly [C in Component]?: bigint }

export interface Price {
  /** The model as it is configured: "openai:gpt-4". */
  readonly model: string
  readonly perMillion: PerMillion
  /** Where the price is from, so that a bill can be explained: "tenant:<id>", "file:<sha256>", "genai-prices:0.1.8". */
  readonly version: string
}

const MILLION = 1_000_000n

/** More than any amount of money here, and less than the database's bigint by room for a sum. */
export const MOST_NANO = 9_000_000_000_000_000_000n

/**
 * Σ ⌈units × price / 10⁶⌉. Throws a RangeError on units that are no whole number or have no price: also where a provider's
 * answer lacks the number (undefined is not nothing), or names a kind of units that nobody has a price for.
 */
export function costOf(usage: Usage, perMillion: PerMillion): bigint {
  return Object.entries(usage).reduce((sum, [name, units]) => {
    const component = COMPONENTS.find(known => known === name)
    if (component === undefined) throw new RangeError(`${name} is no component`)
    if (!Number.isSafeInteger(units) || units < 0) throw new RangeError(`${component}: ${units} is no amount`)
    if (units === 0) return sum
    const price = perMillion[component]
    if (price === undefined || price < 0n) throw new RangeError(`${component} has no price`)
    return sum + (BigInt(units) * price + MILLION - 1n) / MILLION
  }, 0n)
}

/** The most units of a component that `nano` pays for. */
export function unitsFor(nano: bigint, price: bigint): number {
  if (price === 0n) return Number.MAX_SAFE_INTEGER
  const units = (nano * MILLION) / price
  return units > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(units)
}
