// What this process trusts: the public keys, the revocations and the parts that were handed in (API keys, issuers),
// read from the database once a second and held in memory, so that checking a credential needs no query. When the
// database is away the last answer stands, for a minute; for what changes anything, for five seconds.
import type { CryptoKey, JWK } from 'jose'
import type { Database } from '../../platform/db/database.ts'
import { fault } from '../../platform/faults.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { oneAtATime, settledWithin } from './one-at-a-time.ts'
import { revocations } from './revocations.ts'
import { acceptedKeys, signingKeys } from './signing-keys.ts'
import type { TrustPart } from './trust-part.ts'

export interface TokenTrust {
  /** Reads everything and, when that works, starts to do so every second. */
  start(): Promise<void>
  stop(): void
  /** Resolves after a reading that began no earlier than the call; rejects when the database does not answer. */
  refresh(): Promise<void>
  /** Throws `unavailable` when what is known is older than a minute. */
  requireFresh(): void
  /**
   * Reads again when what is known is older than five seconds, for a credential that may change something. Resolves to
   * whether it did; rejects with `unavailable` when there is no answer: nobody then knows what was revoked since.
   */
  renew(): Promise<boolean>
  /** The key by that name, if tokens it signed are accepted now. */
  key(kid: string): CryptoKey | undefined
  /** The name of the key that signs now; undefined when there is none. */
  activeKid(): string | undefined
  /** Reads once, for the sake of a key not known yet; at most every five seconds, however many ask. */
  lookFor(kid: string): Promise<CryptoKey | undefined>
  /** The same for whatever else may have been added a moment ago. */
  look(): Promise<void>
  /** By the id of the credential: a token's jti, or `key:<id>`. */
  isRevoked(tokenId: string): boolean
  /** The accepted keys for others to verify our tokens with (RFC 7517). */
  jwks(): { keys: JWK[] }
}

export interface TokenTrustOptions {
  readonly database: Pick<Database, 'system'>
  readonly log: Pick<Logger, 'warn' | 'info'>
  /** What else is read with the keys. */
  readonly parts?: readonly TrustPart[]
  /** Milliseconds since 1970; Date.now by default. */
  readonly clock?: () => number
}

const EVERY_MS = 1_000
const STALE_AFTER_MS = 60_000
const RENEW_AFTER_MS = 5_000
/** How long somebody who needs fresh knowledge waits for it; the embedded database may be busy that long. */
const RENEW_WITHIN_MS = 10_000
const LOOK_EVERY_MS = 5_000

export function tokenTrust({ database, log, parts = [], clock = Date.now }: TokenTrustOptions): TokenTrust {
  const keys = signingKeys()
  const revoked = revocations()
  const all: readonly TrustPart[] = [keysPart(keys), revocationsPart(revoked), ...parts]
  // Ages are measured on the monotonic clock: setting the wall clock must not make old knowledge look fresh.
  let knownAt = Number.NEGATIVE_INFINITY
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const report = problemReporter(log)
  const age = (): number => performance.now() - knownAt

  const read = async (): Promise<void> => {
    const askedAt = performance.now()
    const problems = await database.system('load_keys', tx =>
      Promise.all(all.map(part => part.load(tx, clock()))),
    )
    report(problems.flat())
    knownAt = askedAt
  }
  const { refresh, isReading } = oneAtATime(read)
  const quietly = (): Promise<void> =>
    refresh().catch((error: unknown) => report(['keys and revocations cannot be read'], error))
  const tick = (): void => void (isReading() || quietly())
  const look = (): Promise<void> => {
    if (performance.now() - lookedAt >= LOOK_EVERY_MS) {
      lookedAt = performance.now()
      looking = quietly()
    }
    return looking
  }

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
      if (age() > STALE_AFTER_MS) throw stale('a minute')
    },
    async renew() {
      if (age() <= RENEW_AFTER_MS) return false
      const before = knownAt
      await settledWithin(RENEW_WITHIN_MS, quietly())
      if (knownAt === before) throw stale('five seconds')
      return true
    },
    key: kid => keys.find(kid, clock()),
    activeKid: keys.activeKid,
    async lookFor(kid) {
      await look()
      return keys.find(kid, clock())
    },
    look,
    isRevoked: tokenId => all.some(part => part.isRevoked?.(tokenId) === true),
    jwks: () => keys.jwks(clock()),
  }
}

function keysPart(keys: ReturnType<typeof signingKeys>): TrustPart {
  return { load: async tx => keys.replace(await tx.all(acceptedKeys)) }
}

function revocationsPart(revoked: ReturnType<typeof revocations>): TrustPart {
  return {
    async load(tx, now) {
      revoked.add(await tx.all(revoked.statement()), now)
      return []
    },
    isRevoked: revoked.has,
  }
}

function stale(howLong: string) {
  return fault('unavailable', { detail: `keys and revocations could not be read for ${howLong}` })
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
