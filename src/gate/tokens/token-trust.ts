// What this process trusts: the public keys and the revocations, read from the database once a second and held in
// memory, so that checking a token needs no query. When the database is away the last answer stands, for a minute.
import type { CryptoKey, JWK } from 'jose'
import type { Database } from '../../platform/db/database.ts'
import { fault } from '../../platform/faults.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { revocations } from './revocations.ts'
import { acceptedKeys, signingKeys } from './signing-keys.ts'

export interface TokenTrust {
  /** Reads keys and revocations and, when that works, starts to do so every second. */
  start(): Promise<void>
  stop(): void
  /** Resolves after a reading that began no earlier than the call; rejects when the database does not answer. */
  refresh(): Promise<void>
  /** Throws `unavailable` when what is known is older than a minute. */
  requireFresh(): void
  /** The key by that name, if tokens it signed are accepted now. */
  key(kid: string): CryptoKey | undefined
  /** Reads once, for the sake of a key not known yet; at most every five seconds, however many ask. */
  lookFor(kid: string): Promise<CryptoKey | undefined>
  isRevoked(tokenId: string): boolean
  /** The accepted keys for others to verify our tokens with (RFC 7517). */
  jwks(): { keys: JWK[] }
}

export interface TokenTrustOptions {
  readonly database: Pick<Database, 'system'>
  readonly log: Pick<Logger, 'warn' | 'info'>
  /** Milliseconds since 1970; Date.now by default. */
  readonly clock?: () => number
}

const EVERY_MS = 1_000
const STALE_AFTER_MS = 60_000
const LOOK_EVERY_MS = 5_000

export function tokenTrust({ database, log, clock = Date.now }: TokenTrustOptions): TokenTrust {
  const keys = signingKeys()
  const revoked = revocations()
  // Ages are measured on the monotonic clock: setting the wall clock must not make old knowledge look fresh.
  let knownAt = Number.NEGATIVE_INFINITY
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const report = problemReporter(log)

  const read = async (): Promise<void> => {
    const askedAt = performance.now()
    const [keyRows, revocationRows] = await database.system('load_keys', tx =>
      Promise.all([tx.all(acceptedKeys), tx.all(revoked.statement())]),
    )
    revoked.add(revocationRows, clock())
    report(await keys.replace(keyRows))
    knownAt = askedAt
  }
  const { refresh, isReading } = oneAtATime(read)
  const quietly = (): Promise<void> =>
    refresh().catch((error: unknown) => report(['keys and revocations cannot be read'], error))
  const tick = (): void => void (isReading() || quietly())

  return {
    async start() {
      await refresh()
      timer ??= setInterval(tick, EVERY_MS).unref()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
    },
    refresh,
    requireFresh() {
      if (performance.now() - knownAt <= STALE_AFTER_MS) return
      throw fault('unavailable', { detail: 'keys and revocations could not be read for a minute' })
    },
    key: kid => keys.find(kid, clock()),
    async lookFor(kid) {
      if (performance.now() - lookedAt >= LOOK_EVERY_MS) {
        lookedAt = performance.now()
        looking = quietly()
      }
      await looking
      return keys.find(kid, clock())
    },
    isRevoked: revoked.has,
    jwks: () => keys.jwks(clock()),
  }
}

/**
 * One reading at a time. Who asks while one is under way waits for the next, which all such callers share: the one
 * under way may have asked before the change that the caller wants to see.
 */
function oneAtATime(read: () => Promise<void>) {
  let reading: Promise<void> | undefined
  let following: Promise<void> | undefined
  const follow = (): Promise<void> => {
    following = undefined
    return refresh()
  }
  const refresh = (): Promise<void> => {
    if (reading !== undefined) return (following ??= reading.then(follow, follow))
    reading = read().finally(() => {
      reading = undefined
    })
    return reading
  }
  return { refresh, isReading: () => reading !== undefined }
}

/** Logs problems when they begin or change, and their end; not every second in between. */
function problemReporter(log: TokenTrustOptions['log']) {
  let before = ''
  return (problems: readonly string[], because?: unknown): void => {
    const now = problems.join('; ')
    if (now === before) return
    before = now
    if (now === '') log.info('keys and revocations are read again')
    else log.warn({ err: because }, now)
  }
}
