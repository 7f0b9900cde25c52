// The first door: who calls, from the Authorization header alone. The only source of tenant and principal.
import type { DeploymentPrincipal, Principal, TenantPrincipal } from './call.ts'
import type { TrustedIssuers } from './issuers/trusted-issuers.ts'
import type { KeyCheck } from './keys/check-key.ts'
import { isKeyText, readKey } from './keys/key-text.ts'
import { applyStanding } from './standing/apply-standing.ts'
import type { Standing, Standings } from './standing/standings.ts'
import { tokenCheck } from './tokens/check-token.ts'
import type { TokenTrust } from './tokens/token-trust.ts'
import { unauthenticated } from './tokens/unauthenticated.ts'

export interface AuthenticatorOptions {
  readonly trust: Pick<TokenTrust, 'requireFresh' | 'renew' | 'key' | 'lookFor' | 'isRevoked'>
  /** What `iss` must be. */
  readonly issuer: string
  /** What `aud` must be: the resource this door leads to. API keys have no audience; they open every door. */
  readonly audience: string
  /** Absent: no API key is known. */
  readonly keys?: KeyCheck | undefined
  /** Absent: no foreign issuer is trusted. */
  readonly issuers?: Pick<TrustedIssuers, 'find'> | undefined
  /** Absent: all are taken at their credential's word. */
  readonly standings?: Pick<Standings, 'standingOf'> | undefined
  /** Milliseconds since 1970; Date.now by default. */
  readonly clock?: () => number
}

/** Throws `unauthenticated` with a reason of `UNAUTHENTICATED`, or `unavailable` when what is known is too old. */
export type Authenticate = (authorization: string | undefined) => Promise<TenantPrincipal>

export interface Authenticator {
  /** Users and services of a tenant. */
  readonly tenant: Authenticate
  /** Those, and operators by their keys. */
  readonly any: (authorization: string | undefined) => Promise<Principal>
}

const MAX_TOKEN_LENGTH = 8_192
/** RFC 6750, 2.1: the scheme's letter case is free, the token is a b64token. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i
/** What a credential may allow without being refused while nobody can tell what was revoked in the last seconds. */
const HARMLESS: ReadonlySet<string> = new Set(['documents:read', 'statistics:read', 'timing:read'])

/** For a door that only tenants' callers come through. */
export function authenticator(options: AuthenticatorOptions): Authenticate {
  return authenticators(options).tenant
}

export function authenticators({
  trust,
  issuer,
  audience,
  keys,
  issuers = NO_ISSUERS,
  standings,
  clock = Date.now,
}: AuthenticatorOptions): Authenticator {
  const checkToken = tokenCheck({ trust, issuer, audience, issuers, clock })

  async function callerBy(credential: string): Promise<TenantPrincipal> {
    if (!isKeyText(credential)) {
      const { principal, defaultRole, issuedAt } = await checkToken(credential)
      const { role = defaultRole, ...found } = standingOf(principal)
      return applyStanding(principal, { ...found, role }, issuedAt)
    }
    if (keys === undefined) throw unauthenticated('invalid', 'keys are not accepted here')
    const principal = await keys.tenant(credential)
    return applyStanding(principal, standingOf(principal))
  }

  function standingOf({ tenantId, subject }: TenantPrincipal): Standing {
    return standings?.standingOf(tenantId, subject) ?? UNDESCRIBED
  }

  async function tenant(authorization: string | undefined): Promise<TenantPrincipal> {
    const credential = bearerToken(authorization)
    trust.requireFresh()
    const caller = await callerBy(credential)
    if ([...caller.scopes].every(scope => HARMLESS.has(scope)) || !(await trust.renew())) return caller
    // Something newer is known by now.
    return callerBy(credential)
  }

  async function operator(credential: string): Promise<DeploymentPrincipal> {
    if (keys === undefined) throw unauthenticated('invalid', 'keys are not accepted here')
    trust.requireFresh()
    await trust.renew()
    return keys.operator(credential)
  }

  return {
    tenant,
    any: async authorization => {
      const credential = bearerToken(authorization)
      return readKey(credential)?.kind === 'operator' ? operator(credential) : tenant(authorization)
    },
  }
}

const NO_ISSUERS: Pick<TrustedIssuers, 'find'> = { find: () => undefined }
const UNDESCRIBED: Standing = { role: undefined, isDisabled: false, tenantIsActive: true, tokensFrom: 0 }

/** The token of an Authorization header. Another scheme than Bearer counts as no token (RFC 6750, 3.1). */
function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined || !/^\s*bearer\b/i.test(authorization)) throw unauthenticated('missing')
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined) throw unauthenticated('malformed')
  if (token.length > MAX_TOKEN_LENGTH) throw unauthenticated('malformed', `${token.length} characters`)
  return token
}
