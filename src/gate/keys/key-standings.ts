// The API keys of all tenants and operators as authentication knows them: by id, with the hash of the secret, in memory.
// An id from a credential is the key of a map and nothing else.
import type { Statement } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import type { TrustPart } from '../tokens/trust-part.ts'

/** A row of app.key_standing. */
interface KeyStandingRow {
  readonly id: string
  readonly tenant_of: string | null
  readonly user_id: string
  readonly scopes: readonly string[]
  readonly salt: Uint8Array
  readonly secret_hash: Uint8Array
  readonly expires_at: Date | null
  readonly is_revoked: boolean
  readonly changed_at: Date
}

export interface KeyStanding {
  readonly id: string
  /** Null for an operator's. */
  readonly tenantId: string | null
  readonly subject: string
  readonly scopes: ReadonlySet<string>
  readonly salt: Uint8Array
  readonly secretHash: Uint8Array
  /** Milliseconds since 1970; infinite for a key without end. */
  readonly endsAt: number
  readonly isRevoked: boolean
}

/** What the id of a caller's credential begins with when it is a key. */
export const ID_OF_KEY = 'key:'

export interface KeyStandings extends TrustPart {
  find(id: string): KeyStanding | undefined
}

/** Rows carry the time their transaction began, and it may commit up to its time limit (30 s) later. */
const OVERLAP_MS = 60_000

export function keyStandings(): KeyStandings {
  const known = new Map<string, KeyStanding>()
  let newest = 0
  return {
    find: id => known.get(id),
    async load(tx) {
      for (const row of await tx.all(changedSince(newest))) {
        newest = Math.max(newest, row.changed_at.getTime())
        known.set(row.id, standingOf(row))
      }
      return []
    },
    isRevoked: tokenId =>
      tokenId.startsWith(ID_OF_KEY) && known.get(tokenId.slice(ID_OF_KEY.length))?.isRevoked === true,
  }
}

/** First what can still be used, later whatever changed: a revoked key is told that it was revoked. */
function changedSince(newest: number): Statement<KeyStandingRow> {
  const isFirst = newest === 0
  return sql<KeyStandingRow>`
    select id, tenant_of, user_id, scopes, salt, secret_hash, expires_at, is_revoked, changed_at
    from app.key_standing
    where changed_at > ${new Date(Math.max(0, newest - OVERLAP_MS))}
      and (not ${isFirst}::boolean or not is_revoked and coalesce(expires_at > now(), true))`
}

function standingOf(row: KeyStandingRow): KeyStanding {
  return {
    id: row.id,
    tenantId: row.tenant_of,
    subject: row.user_id,
    scopes: new Set(row.scopes),
    salt: row.salt,
    secretHash: row.secret_hash,
    endsAt: row.expires_at?.getTime() ?? Number.POSITIVE_INFINITY,
    isRevoked: row.is_revoked,
  }
}
