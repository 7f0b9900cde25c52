// All that opens a door, put together: our own tokens, the tokens of trusted issuers, API keys; read from the database as
// one, and checked in the same way at every door.
import type { Database } from '../../platform/db/database.ts'
import type { FetchPublic } from '../../platform/outbound/public-fetcher.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { authenticators, type Authenticator } from '../authenticate.ts'
import { trustedIssuers } from '../issuers/trusted-issuers.ts'
import { keyCheck } from '../keys/check-key.ts'
import { keyStandings } from '../keys/key-standings.ts'
import { keyUses } from '../keys/key-uses.ts'
import type { Standings } from '../standing/standings.ts'
import { issuerOf, resourceOf, type Audience } from './audience.ts'
import { tokenTrust, type TokenTrust } from './token-trust.ts'
import type { TrustPart } from './trust-part.ts'

export interface CredentialsOptions {
  readonly database: Pick<Database, 'system' | 'writeAs'>
  readonly log: Pick<Logger, 'warn' | 'info'>
  readonly publicUrl: string
  readonly standings: Standings & TrustPart
  /** How the keys of trusted issuers are fetched. */
  readonly fetchKeySet: FetchPublic
  /** What else is read with them, once a second. */
  readonly parts?: readonly TrustPart[]
}

export interface Credentials {
  readonly trust: TokenTrust
  /** The door that tokens for this audience open; keys open every door. */
  at(audience: Audience): Authenticator
  /** Reads what is trusted and goes on doing so. */
  start(): Promise<void>
  /** Writes which keys were used lately. */
  stop(): Promise<void>
}

export function credentials(options: CredentialsOptions): Credentials {
  const { database, log, publicUrl, standings, fetchKeySet, parts = [] } = options
  const keys = keyStandings()
  const issuers = trustedIssuers({ fetch: fetchKeySet, log })
  const trust = tokenTrust({ database, log, parts: [standings, keys, issuers, ...parts] })
  const uses = keyUses({ database, log })
  const check = keyCheck({ standings: keys, look: trust.look, noteUse: uses.note })
  const issuer = issuerOf(publicUrl)
  return {
    trust,
    at: audience =>
      authenticators({
        trust,
        issuer,
        audience: resourceOf(publicUrl, audience),
        keys: check,
        issuers,
        standings,
      }),
    async start() {
      await trust.start()
      uses.start()
    },
    async stop() {
      trust.stop()
      await uses.stop()
    },
  }
}
