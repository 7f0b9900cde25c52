// The public keys of one foreign issuer: fetched when first needed, again when they are old or a token names a key that
// is not among them, at most twice a minute whatever tokens name. The last good set outlives the issuer for an hour.
import type { CryptoKey } from 'jose'
import { fault } from '../../platform/faults.ts'
import type { FetchPublic } from '../../platform/outbound/public-fetcher.ts'
import { readKeySet } from './key-set.ts'

export interface RemoteKeys {
  /** The key by that name. Throws `unavailable` when the issuer could not be asked for too long. */
  find(kid: string): Promise<CryptoKey | undefined>
  /** Whether a key that was found before is still the issuer's. */
  has(kid: string): boolean
}

export interface RemoteKeysOptions {
  readonly url: string
  readonly fetch: FetchPublic
  /** Told when a fetch failed. */
  readonly onFailure: (error: unknown) => void
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number
}

/** Between two fetches, so that tokens with made-up key names cannot make us ask: the bound is its own negative cache. */
const COOLDOWN_MS = 30_000
/** A set this old is fetched again while it is used: a key that the issuer withdrew is gone here as soon. */
const OLD_MS = 300_000
const OUTLIVES_ISSUER_MS = 3_600_000
const LIMITS = { maxBytes: 262_144, deadlineMs: 5_000 }

/** Fetches and reads a key set (RFC 7517). Rejects when it cannot be had or has no usable key. */
export async function fetchKeySet(url: string, fetch: FetchPublic): Promise<ReadonlyMap<string, CryptoKey>> {
  const { body } = await fetch(url, LIMITS)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return readKeySet(Buffer.concat(chunks).toString('utf8'))
}

export function remoteKeys({
  url,
  fetch,
  onFailure,
  now = () => performance.now(),
}: RemoteKeysOptions): RemoteKeys {
  let keys: ReadonlyMap<string, CryptoKey> = new Map()
  let fetchedAt = Number.NEGATIVE_INFINITY
  let triedAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> = Promise.resolve()
  const isGood = (): boolean => now() - fetchedAt <= OUTLIVES_ISSUER_MS

  const refetch = async (): Promise<void> => {
    const askedAt = now()
    try {
      keys = await fetchKeySet(url, fetch)
      fetchedAt = askedAt
    } catch (error) {
      onFailure(error)
    }
  }
  /** All who come while a fetch is under way wait for that one. */
  const ask = (): Promise<void> => {
    if (now() - triedAt >= COOLDOWN_MS) {
      triedAt = now()
      fetching = refetch()
    }
    return fetching
  }

  return {
    async find(kid) {
      const known = isGood() ? keys.get(kid) : undefined
      if (known === undefined) await ask()
      else if (now() - fetchedAt > OLD_MS) void ask()
      if (!isGood()) throw unreadable()
      return keys.get(kid)
    },
    has: kid => isGood() && keys.has(kid),
  }
}

function unreadable() {
  return fault('unavailable', {
    reason: 'issuer_unavailable',
    say: 'The keys of the issuer of this token cannot be read just now; try again shortly.',
  })
}
