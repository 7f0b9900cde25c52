// The prices that OpenAI and Anthropic publish, from the list of @pydantic/genai-prices as it was released: nothing is
// fetched. The list is made for bookkeeping after the call and matches loosely; a limit has to be kept before it. So a
// name counts only where it is written out, and of several rates the dearest does.
import type { Provider } from '@pydantic/genai-prices'
import type { Component, PerMillion } from '../usage.ts'
import { nanoOfNumber } from '../usd.ts'

/** Of the installed package; a test compares the two. */
export const LIST_VERSION = '0.1.8'

/** Providers in the names of models that are in the list, by the name it has for them: the same. */
export const PUBLISHERS = ['openai', 'anthropic'] as const
export type Publisher = (typeof PUBLISHERS)[number]

type Model = Provider['models'][number]
type Rates = Exclude<Model['prices'], readonly unknown[]>
type Match = Model['match']

/** Models that search the web by themselves, and bill each search besides their tokens: nobody could bound that. */
const BILLS_MORE = /-(?:search|deep-research)(?:-|$)/

const RATE_OF: readonly (readonly [Component, string])[] = [
  ['input', 'input_mtok'],
  ['cached_input', 'cache_read_mtok'],
  // Of caches that last an hour too, but nobody here asks for one.
  ['cache_write', 'cache_write_mtok'],
  ['output', 'output_mtok'],
]

/**
 * The published price of a model by its exact name, or undefined. `now` decides which of several prices in time holds.
 * The list is loaded when it is asked first: 0.8 MB that a deployment with its own models never needs.
 */
export async function listedPrice(
  publisher: Publisher,
  name: string,
  now: Date = new Date(),
): Promise<PerMillion | undefined> {
  if (BILLS_MORE.test(name)) return undefined
  const { findProvider } = await import('@pydantic/genai-prices')
  const model = findProvider({ providerId: publisher })?.models.find(one => isNamed(one, name))
  return model === undefined ? undefined : dearest(ratesOf(model, now))
}

/** By its id or a name the list spells out; or as a dated release that the list counts among a spelled-out name's. */
function isNamed({ id, match }: Model, name: string): boolean {
  const names = [id, ...spelled(match, 'equals')]
  if (names.includes(name)) return true
  const [, undated] = /^(.+)-(?:\d{8}|\d{4}-\d{2}-\d{2})$/.exec(name) ?? []
  if (undated === undefined) return false
  const families = spelled(match, 'starts_with')
  if (families.includes(undated)) return true
  const counts =
    families.some(family => name.startsWith(family)) ||
    spelled(match, 'regex').some(pattern => new RegExp(pattern).test(name))
  return counts && names.includes(undated)
}

function spelled(match: Match, how: 'equals' | 'starts_with' | 'regex'): string[] {
  if ('or' in match) return match.or.flatMap(one => spelled(one, how))
  const text = (match as { readonly [way: string]: unknown })[how]
  return typeof text === 'string' ? [text] : []
}

/** The rates that hold now, and those that hold at some time of the day. */
function ratesOf({ prices }: Model, now: Date): Rates[] {
  if (!Array.isArray(prices)) return [prices]
  const held: Rates[] = []
  for (const { constraint, prices: rates } of prices.toReversed()) {
    if (constraint?.type === 'start_date' && new Date(constraint.start_date) > now) continue
    held.push(rates)
    // What stands before it ended when it began.
    if (constraint?.type !== 'time_of_date') break
  }
  return held
}

function dearest(rates: readonly Rates[]): PerMillion | undefined {
  const found = RATE_OF.flatMap(([component, key]) => {
    const nanos = rates.flatMap(each => amounts(each[key]))
    const most = nanos.reduce<bigint | undefined>(
      (top, nano) => (top === undefined || nano > top ? nano : top),
      undefined,
    )
    return most === undefined ? [] : [[component, most] as const]
  })
  // Neither a moderation nor a transcription by the hour is a model that reads tokens.
  return found.some(([component]) => component === 'input') ? Object.fromEntries(found) : undefined
}

/** Of a rate that rises with the size of the request (beyond 200,000 tokens or 272,000) all of its steps. */
function amounts(rate: Rates[string]): bigint[] {
  if (rate === undefined) return []
  const steps = typeof rate === 'number' ? [rate] : [rate.base, ...rate.tiers.map(({ price }) => price)]
  return steps.flatMap(step => nanoOfNumber(step) ?? [])
}
