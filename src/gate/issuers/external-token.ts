// The rules of a foreign issuer's access tokens. Pure: signature and key were checked before, revocation is checked
// after. Stricter than the issuer may be: a token that is bound to a key (RFC 9449), or that is an ID token, is refused.
import { hash } from 'node:crypto'
import { z } from 'zod'
import {
  CLOCK_TOLERANCE_S,
  MAX_LIFETIME_S,
  parseOnceNamed,
  RESERVED_SUBJECT,
  SUBJECT,
  type ReadToken,
} from '../tokens/access-token.ts'
import { unauthenticated } from '../tokens/unauthenticated.ts'
import type { IssuerRules } from './issuer-rules.ts'

/** A trusted issuer, as far as its tokens are read by it. */
export interface IssuerTerms {
  readonly issuer: string
  readonly audience: string
  readonly rules: IssuerRules
  /** What its users' names begin with; '' when they are ours. */
  readonly userPrefix: string
  /** Slug or id → id, of the tenants it may speak for. */
  readonly tenants: ReadonlyMap<string, string>
}

/** What the ids of all foreign tokens begin with. */
export const ID_OF_EXTERNAL = 'ext:'

const Claims = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.int(),
  iat: z.int(),
  nbf: z.int().optional(),
  jti: z.string().min(1).max(500).optional(),
})
type Claims = z.output<typeof Claims>

/** What only ID and logout tokens have (OpenID Connect Core 2 and 3.1.3.6; Back-Channel Logout 2.4). */
const OF_OTHER_TOKENS = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events']

/** The caller a payload names, or `unauthenticated` with the first reason against it. `now` in seconds since 1970. */
export function readExternalToken(payload: Uint8Array, terms: IssuerTerms, now: number): ReadToken {
  const parsed = Claims.safeParse(parseOnceNamed(payload))
  if (!parsed.success) throw unauthenticated('invalid', z.prettifyError(parsed.error))
  const claims = parsed.data
  if (claims.iss !== terms.issuer) throw unauthenticated('invalid', 'another issuer')
  if (!isFor(claims.aud, terms)) throw unauthenticated('wrong_audience')
  refuseOtherKinds(claims, terms.rules)
  refuseWrongTimes(claims, now)
  const principal = Object.freeze({
    realm: 'tenant' as const,
    tenantId: tenantOf(claims, terms),
    subject: subjectOf(claims, terms),
    scopes: scopesOf(claims, terms.rules),
    tokenId: externalTokenId(claims.iss, claims.jti ?? payload),
    expiresAt: claims.exp,
  })
  return { principal, issuedAt: claims.iat }
}

/**
 * The id of a foreign token among those of all issuers: what another issuer calls the same is another token. Made of
 * its jti, or of its whole payload where it has none.
 */
export function externalTokenId(issuer: string, jti: string | Uint8Array): string {
  const name = typeof jti === 'string' ? `jti ${jti}` : `payload ${hash('sha256', jti)}`
  return `${ID_OF_EXTERNAL}${hash('sha256', `${issuer}\n${name}`).slice(0, 40)}`
}

function isFor(aud: Claims['aud'], { audience, rules }: IssuerTerms): boolean {
  return typeof aud === 'string' ? aud === audience : rules.audience_lists && aud.includes(audience)
}

function refuseOtherKinds(claims: Claims, { may_miss: mayMiss }: IssuerRules): void {
  if (claims['cnf'] !== undefined) throw unauthenticated('invalid', 'bound to a key of its holder (cnf)')
  const other = OF_OTHER_TOKENS.find(name => claims[name] !== undefined)
  if (other !== undefined) throw unauthenticated('invalid', `no access token: ${other}`)
  for (const name of ['nbf', 'jti'] as const) {
    if (claims[name] === undefined && !mayMiss.includes(name)) throw unauthenticated('invalid', `no ${name}`)
  }
}

function refuseWrongTimes({ exp, iat, nbf = iat }: Claims, now: number): void {
  if (exp - iat > MAX_LIFETIME_S) throw unauthenticated('invalid', 'lives too long')
  if (nbf > now + CLOCK_TOLERANCE_S) throw unauthenticated('not_yet_valid', 'nbf')
  if (iat > now + CLOCK_TOLERANCE_S) throw unauthenticated('not_yet_valid', 'iat')
  if (exp <= now - CLOCK_TOLERANCE_S) throw unauthenticated('expired')
}

/** One of the tenants that the issuer may speak for, whatever the token says. */
function tenantOf(claims: Claims, { rules, tenants }: IssuerTerms): string {
  const named = rules.fixed_tenant ?? mapped(text(claims, rules.tenant_claim), rules.tenant_map)
  const tenantId = named === undefined ? undefined : tenants.get(named)
  if (tenantId === undefined) throw unauthenticated('invalid', 'no tenant that this issuer may speak for')
  return tenantId
}

function subjectOf(claims: Claims, { rules, userPrefix }: IssuerTerms): string {
  const user = text(claims, rules.user_claim) ?? ''
  const subject = `${userPrefix}${user}`
  if (![user, subject].every(name => SUBJECT.test(name)) || RESERVED_SUBJECT.test(subject))
    throw unauthenticated('invalid', `${rules.user_claim} names no user`)
  return subject
}

function scopesOf(claims: Claims, rules: IssuerRules): ReadonlySet<string> {
  if (rules.fixed_scopes !== undefined) return new Set(rules.fixed_scopes)
  const map = rules.scope_map
  const words = wordsOf(own(claims, rules.scope_claim))
  // Words that are none of our scopes open nothing, so they need no sorting out.
  return new Set(
    map === undefined ? words : words.flatMap(word => (Object.hasOwn(map, word) ? (map[word] ?? []) : [])),
  )
}

function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.split(' ').filter(word => word !== '')
  return Array.isArray(value) ? value.filter(word => typeof word === 'string') : []
}

function mapped(value: string | undefined, map: Record<string, string> | undefined): string | undefined {
  if (value === undefined || map === undefined) return value
  return Object.hasOwn(map, value) ? map[value] : undefined
}

function text(claims: Claims, name: string): string | undefined {
  const value = own(claims, name)
  return typeof value === 'string' ? value : undefined
}

function own(claims: Claims, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}
