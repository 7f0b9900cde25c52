// Tokens whose signature was found good, so that it is computed once in a while and not at every call (35–75 µs
// each). Holds digests, never tokens. Whether key and token still stand is the asker's to check after every hit.
import type { TenantPrincipal } from '../call.ts'

export interface VerifiedToken {
  readonly principal: TenantPrincipal
  /** Whether the key that signed it is still accepted, and its issuer trusted on the same terms. */
  readonly isSignerTrusted: () => boolean
}

export interface VerifiedTokens<Token> {
  /** `now` in milliseconds since 1970. */
  find(digest: string, now: number): Token | undefined
  keep(digest: string, token: Token, now: number): void
}

const KEPT_MS = 60_000

/** Keeps the `capacity` most recently used tokens, each for a minute at most and never past its own end. */
export function verifiedTokens<Token extends VerifiedToken>(capacity = 10_000): VerifiedTokens<Token> {
  // A Map iterates in order of insertion; re-inserting at each use makes it the order of use.
  const entries = new Map<string, { readonly token: Token; readonly until: number }>()
  return {
    find(digest, now) {
      const entry = entries.get(digest)
      if (entry === undefined) return undefined
      entries.delete(digest)
      if (entry.until <= now) return undefined
      entries.set(digest, entry)
      return entry.token
    },
    keep(digest, token, now) {
      const until = Math.min(token.principal.expiresAt * 1000, now + KEPT_MS)
      if (until <= now) return
      entries.set(digest, { token, until })
      const [oldest] = entries.keys()
      if (entries.size > capacity && oldest !== undefined) entries.delete(oldest)
    },
  }
}
