// What a price says nothing of, and which of its components stands in: never one that is cheaper than it may be.
import { COMPONENTS, type PerMillion } from '../usage.ts'

/**
 * Tokens that a provider has cached go in like others, and are billed like others where no price of their own is set
 * (never nothing); reasoning comes out like other output; a text that is embedded goes in. Searches of a reranker have
 * no stand-in, nor has output: they stay unpriced.
 */
export function withFallbacks(price: PerMillion): PerMillion {
  const { input, output } = price
  const whole = {
    cached_input: input,
    cache_write: input,
    reasoning: output,
    embedding: input,
    ...price,
  }
  return Object.fromEntries(
    COMPONENTS.flatMap(component => {
      const nano = whole[component]
      return nano === undefined ? [] : [[component, nano]]
    }),
  )
}
