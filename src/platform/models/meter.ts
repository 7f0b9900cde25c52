// What a call to somebody else's model used, told to whoever pays for it. In a model of this process nothing is told.

/**
 * Tokens by kind, whole numbers, no token in two of them: `input` is without what was cached, `output` without reasoning.
 * A kind that the provider does not tell is absent.
 */
export interface ModelUsage {
  readonly input?: number
  readonly cached_input?: number
  readonly cache_write?: number
  readonly output?: number
  readonly reasoning?: number
  readonly embedding?: number
}

export interface Meter {
  /** Who pays: a tenant. */
  readonly owner?: string | undefined
  /** Awaited right before the request leaves. When it rejects, nothing leaves. */
  sent(): Promise<void>
  /**
   * What was used so far; the last word counts. No tokens at all: the provider has done nothing. `counted`: the provider
   * did not say, and it was reckoned from the texts.
   */
  used(usage: ModelUsage, basis: 'provider' | 'counted'): void
}

/**
 * Tokens that a text probably is, rather too many than too few: English has some four bytes to a token, code and Chinese
 * some three.
 */
export function countedTokens(bytes: number): number {
  return Math.ceil(bytes / 3)
}

/**
 * Tokens that a text is at most: tokenizers of these models make at least one byte into each. Some write the text out
 * first (NFKC): a ligature of three bytes becomes four words.
 */
export function mostTokens(...texts: readonly string[]): number {
  return texts.reduce(
    (sum, text) => sum + Math.max(Buffer.byteLength(text), Buffer.byteLength(text.normalize('NFKC'))),
    0,
  )
}
