// Tokens whose signature was found good, so that it is computed once in a while and not at every call (35–75 µs
// each). Holds digests, never tokens. Whether key and token still stand is the asker's to check after every hit.
import type { TenantPrincipal } from '../call.ts'

export interface VerifiedToken {
  readonly principal: TenantPrincipal
  readonly kid: string
}

export interface VerifiedTokens {
  /** `now` in milliseconds since 1970. */
  find(digest: string, now: number): VerifiedToken | undefined
  keep(digest: string, token: VerifiedToken, now: number): void
}

const KEPT_MS = 60_000

/** Keeps the `capacity` most recently used tokens, each for a minute at most and never past its own end. */
export function verifiedTokens(capacity = 10_000): VerifiedTokens {
  // A Map iterates in order of insertion; re-inserting at each use makes it the order of use.
  const entries = new Map<string, { readonly token: VerifiedToken; readonly until: number }>()
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
