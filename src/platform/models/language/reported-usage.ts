// What a provider says it used, in our components. The AI SDK tells totals and parts of them; here no token is in two.
import type { ModelUsage } from '../meter.ts'

/** As `LanguageModelV4Usage` of the AI SDK. */
interface SdkUsage {
  readonly inputTokens: {
    readonly total: number | undefined
    readonly noCache: number | undefined
    readonly cacheRead: number | undefined
    readonly cacheWrite: number | undefined
  }
  readonly outputTokens: {
    readonly total: number | undefined
    readonly reasoning: number | undefined
  }
}

/**
 * Undefined where the provider did not say: also where it says zero, which no answer costs. Numbers that cannot be (more
 * cached than went in) stay as they are: whoever charges refuses them.
 */
export function reportedUsage({ inputTokens, outputTokens }: SdkUsage): ModelUsage | undefined {
  const { cacheRead = 0, cacheWrite = 0 } = inputTokens
  const { reasoning = 0 } = outputTokens
  const input = inputTokens.noCache ?? (inputTokens.total ?? 0) - cacheRead - cacheWrite
  const output = (outputTokens.total ?? 0) - reasoning
  const usage = { input, cached_input: cacheRead, cache_write: cacheWrite, output, reasoning }
  return Object.values(usage).every(units => units === 0) ? undefined : usage
}
