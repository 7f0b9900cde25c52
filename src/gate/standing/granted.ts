// On whose behalf something runs that outlives its request: kept when it was asked for, and asked again whenever it is
// taken up and between its steps. That the credential has run out since ends nothing; that it was revoked does, and so
// does what happened to its user and tenant.
import type { Database } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import { asFault } from '../../platform/faults.ts'
import type { TenantPrincipal } from '../call.ts'
import { unauthenticated } from '../tokens/unauthenticated.ts'
import type { TokenTrust } from '../tokens/token-trust.ts'
import { applyStanding } from './apply-standing.ts'
import type { Standings } from './standings.ts'

/** What was granted when it was asked for. */
export interface Granted {
  readonly tenantId: string
  readonly subject: string
  readonly scopes: readonly string[]
  /** Of the credential that it came with. */
  readonly tokenId: string
  /** Seconds since 1970: whoever has the id since is somebody else. */
  readonly acceptedAt: number
}

export interface Grants {
  /** From what this process knows (a second old); throws `unauthenticated` with the reason `auth_expired`. */
  standing(granted: Granted): TenantPrincipal
  /** The same, after asking the database also for what is so old that no process remembers it. */
  reload(granted: Granted): Promise<TenantPrincipal>
}

export interface GrantsDeps {
  readonly database: Pick<Database, 'system'>
  readonly trust: Pick<TokenTrust, 'isRevoked' | 'requireFresh'>
  readonly standings: Pick<Standings, 'standingOf'>
}

/** The last second that a date can say: what runs on a grant has no end of its own. */
const FAR = 8_640_000_000_000

export function grants({ database, trust, standings }: GrantsDeps): Grants {
  function standing(granted: Granted): TenantPrincipal {
    const { tenantId, subject, scopes, tokenId, acceptedAt } = granted
    trust.requireFresh()
    if (trust.isRevoked(tokenId)) throw ended('revoked')
    const principal: TenantPrincipal = Object.freeze({
      realm: 'tenant',
      tenantId,
      subject,
      scopes: new Set(scopes),
      tokenId,
      expiresAt: FAR,
    })
    try {
      return applyStanding(principal, standings.standingOf(tenantId, subject), acceptedAt)
    } catch (error) {
      throw ended(asFault(error).reason)
    }
  }
  return {
    standing,
    async reload(granted) {
      const revoked = await database.system('load_keys', tx =>
        tx.first(sql`
          select from app.token_revocation where token_id = ${granted.tokenId}
          union all
          select from app.key_standing where 'key:' || id = ${granted.tokenId} and is_revoked`),
      )
      if (revoked !== undefined) throw ended('revoked')
      return standing(granted)
    },
  }
}

function ended(why: string | undefined) {
  return unauthenticated('auth_expired', why)
}
