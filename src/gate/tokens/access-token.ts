// The rules of Gatehouse's own access tokens: RFC 9068, and stricter. Pure: signature and key were checked before
// (own-tokens.ts), revocation is checked after. Trusted foreign issuers have theirs in issuers/external-token.ts.
import { z } from 'zod'
import type { TenantPrincipal } from '../call.ts'
import { unauthenticated } from './unauthenticated.ts'

export const TOKEN_TYPE = 'at+jwt'
export const TOKEN_ALGORITHM = 'RS256'
/** No token lives longer; a key that stops signing is accepted for as long. */
export const MAX_LIFETIME_S = 86_400
/** What the clocks of issuer and verifier may differ by. */
export const CLOCK_TOLERANCE_S = 5
/** A subject: 1 to 200 characters, none invisible, no space at either end. */
export const SUBJECT = /^(?!\s)[^\p{C}\p{Zl}\p{Zp}]{1,200}(?<!\s)$/u
/** The system's own subjects, services' and operators' begin so: no user has one, and no token is made for one. */
export const RESERVED_SUBJECT = /^(gatehouse|service|operator):/
/** The one spelling of a UUID: each tenant has one key in every limit and cache. */
export const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** RFC 6749, 3.3: scope tokens separated by single spaces. */
const SCOPE = /^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/

const Claims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.int(),
  nbf: z.int(),
  iat: z.int(),
  jti: z.string().min(1).max(128),
  sub: z.string().regex(SUBJECT),
  tenant_id: z.string().regex(CANONICAL_UUID),
  scope: z.string().regex(SCOPE),
  user_id: z.string().optional(),
})

export interface AccessTokenRules {
  readonly issuer: string
  readonly audience: string
  /** Seconds since 1970. */
  readonly now: number
}

/** Whom a token speaks for, and when it was issued, in seconds since 1970. */
export interface ReadToken {
  readonly principal: TenantPrincipal
  readonly issuedAt: number
}

/** The caller a token's payload names, or `unauthenticated` with the first reason against it. */
export function readAccessToken(payload: Uint8Array, { issuer, audience, now }: AccessTokenRules): ReadToken {
  const parsed = Claims.safeParse(parseOnceNamed(payload))
  if (!parsed.success) throw unauthenticated('invalid', z.prettifyError(parsed.error))
  const claims = parsed.data
  if (claims.iss !== issuer) throw unauthenticated('invalid', 'another issuer')
  // An array would make the token good at each of its members: one stolen there would work here.
  if (claims.aud !== audience) throw unauthenticated('wrong_audience')
  if (claims.user_id !== undefined && claims.user_id !== claims.sub)
    throw unauthenticated('invalid', 'user_id is not sub')
  if (claims.exp - claims.iat > MAX_LIFETIME_S) throw unauthenticated('invalid', 'lives too long')
  if (claims.nbf > now + CLOCK_TOLERANCE_S) throw unauthenticated('not_yet_valid', 'nbf')
  if (claims.iat > now + CLOCK_TOLERANCE_S) throw unauthenticated('not_yet_valid', 'iat')
  if (claims.exp <= now - CLOCK_TOLERANCE_S) throw unauthenticated('expired')
  const principal = Object.freeze({
    realm: 'tenant' as const,
    tenantId: claims.tenant_id,
    subject: claims.sub,
    scopes: new Set(claims.scope.split(' ')),
    tokenId: claims.jti,
    expiresAt: claims.exp,
  })
  return { principal, issuedAt: claims.iat }
}

/** JSON.parse lets the last of two equal names win, other parsers the first: such a payload is refused. */
export function parseOnceNamed(payload: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(payload)
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    return membersOf(text) === Object.keys(value).length ? value : undefined
  } catch (error) {
    throw unauthenticated('invalid', 'the payload is no JSON', error)
  }
}

/** How many members the outermost object of a valid JSON text spells out. */
function membersOf(text: string): number {
  let depth = 0
  let members = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (token === ':' && depth === 1) members++
  }
  return members
}
