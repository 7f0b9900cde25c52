// The foreign issuers that operators trust, in memory: what each may say, and its keys. An issuer that is not here does
// not exist, however its tokens are signed.
import type { Statement } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import type { FetchPublic } from '../../platform/outbound/public-fetcher.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import type { TrustPart } from '../tokens/trust-part.ts'
import type { IssuerTerms } from './external-token.ts'
import { IssuerRules } from './issuer-rules.ts'
import { remoteKeys, type RemoteKeys } from './remote-keys.ts'

/** A row of app.trusted_issuer, with the ids of its tenants by slug. */
interface TrustedIssuerRow {
  readonly issuer: string
  readonly jwks_url: string
  readonly audience: string
  readonly rules: unknown
  readonly tenants_by_slug: Readonly<Record<string, string>>
  readonly changed_at: Date
}

export interface TrustedIssuer extends IssuerTerms {
  readonly keys: RemoteKeys
}

export interface TrustedIssuers extends TrustPart {
  /** By `iss`, character by character. The same object for as long as nothing about it changes. */
  find(issuer: string): TrustedIssuer | undefined
}

export interface TrustedIssuersOptions {
  readonly fetch: FetchPublic
  readonly log: Pick<Logger, 'warn'>
}

/** What the issuer is known by, and by what a change of it is seen. */
interface Known {
  readonly trusted: TrustedIssuer
  readonly jwksUrl: string
  readonly fingerprint: string
}

export function trustedIssuers({ fetch, log }: TrustedIssuersOptions): TrustedIssuers {
  let known: ReadonlyMap<string, Known> = new Map()

  const taken = (row: TrustedIssuerRow, before: Known | undefined): Known => {
    const fingerprint = JSON.stringify(row)
    if (before?.fingerprint === fingerprint) return before
    const { issuer, audience, jwks_url: jwksUrl } = row
    const rules = IssuerRules.parse(row.rules)
    const onFailure = (error: unknown): void =>
      log.warn({ err: error, issuer }, 'the keys of a trusted issuer could not be fetched')
    const keys =
      before?.jwksUrl === jwksUrl ? before.trusted.keys : remoteKeys({ url: jwksUrl, fetch, onFailure })
    const tenants = new Map(
      Object.entries(row.tenants_by_slug).flatMap(([slug, id]) => [
        [slug, id],
        [id, id],
      ]),
    )
    const trusted = { issuer, audience, rules, userPrefix: userPrefixOf(issuer, rules), tenants, keys }
    return { trusted, jwksUrl, fingerprint }
  }

  return {
    find: issuer => known.get(issuer)?.trusted,
    async load(tx) {
      const next = new Map<string, Known>()
      const problems: string[] = []
      for (const row of await tx.all(ENABLED)) {
        try {
          next.set(row.issuer, taken(row, known.get(row.issuer)))
        } catch {
          problems.push(`the issuer ${row.issuer} is refused: its rules are not valid`)
        }
      }
      known = next
      return problems
    },
  }
}

/** '' when the issuer's users are ours; else what keeps them apart from ours and from other issuers'. */
export function userPrefixOf(issuer: string, rules: Pick<IssuerRules, 'same_users' | 'user_prefix'>): string {
  return rules.same_users ? '' : `${rules.user_prefix ?? new URL(issuer).hostname}|`
}

const ENABLED: Statement<TrustedIssuerRow> = sql<TrustedIssuerRow>`
  select issuer, jwks_url, audience, rules, changed_at, coalesce(
    (select jsonb_object_agg(t.slug, t.id) from app.tenant t where t.id = any(tenants)), '{}') as tenants_by_slug
  from app.trusted_issuer where is_enabled`
