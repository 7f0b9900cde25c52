// The first door: who calls, from the Authorization header alone. The only source of tenant and principal.
// Headers of a token that point at keys elsewhere (jku, x5u, jwk, x5c) are never looked at.
import { compactVerify, decodeProtectedHeader, type CryptoKey } from 'jose'
import { hash } from 'node:crypto'
import type { TenantPrincipal } from './call.ts'
import { readAccessToken, TOKEN_ALGORITHM, TOKEN_TYPE } from './tokens/access-token.ts'
import type { TokenTrust } from './tokens/token-trust.ts'
import { unauthenticated } from './tokens/unauthenticated.ts'
import { verifiedTokens, type VerifiedToken } from './tokens/verified-tokens.ts'

export interface AuthenticatorOptions {
  readonly trust: Pick<TokenTrust, 'requireFresh' | 'key' | 'lookFor' | 'isRevoked'>
  /** What `iss` must be. */
  readonly issuer: string
  /** What `aud` must be: the resource this door leads to. */
  readonly audience: string
  /** Milliseconds since 1970; Date.now by default. */
  readonly clock?: () => number
}

export type Authenticate = (authorization: string | undefined) => Promise<TenantPrincipal>

const MAX_TOKEN_LENGTH = 8_192
/** RFC 6750, 2.1: the scheme's letter case is free, the token is a b64token. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i

/** Throws `unauthenticated` with a reason of `UNAUTHENTICATED`, or `unavailable` when keys could not be read for long. */
export function authenticator({
  trust,
  issuer,
  audience,
  clock = Date.now,
}: AuthenticatorOptions): Authenticate {
  const verified = verifiedTokens()

  const verify = async (token: string): Promise<VerifiedToken> => {
    const kid = keyName(token)
    const key = trust.key(kid) ?? (await trust.lookFor(kid))
    if (key === undefined) throw unauthenticated('invalid', 'unknown key')
    const payload = await signedPayload(token, key)
    return { kid, principal: readAccessToken(payload, { issuer, audience, now: clock() / 1000 }) }
  }

  return async function authenticate(authorization) {
    const token = bearerToken(authorization)
    trust.requireFresh()
    const digest = hash('sha256', token, 'base64')
    const known = verified.find(digest, clock())
    const { principal, kid } = known ?? (await verify(token))
    if (trust.key(kid) === undefined) throw unauthenticated('invalid', 'the key is retired')
    if (trust.isRevoked(principal.tokenId)) throw unauthenticated('revoked')
    if (known === undefined) verified.keep(digest, { principal, kid }, clock())
    return principal
  }
}

/** The token of an Authorization header. Another scheme than Bearer counts as no token (RFC 6750, 3.1). */
function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined || !/^\s*bearer\b/i.test(authorization)) throw unauthenticated('missing')
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined) throw unauthenticated('malformed')
  if (token.length > MAX_TOKEN_LENGTH) throw unauthenticated('malformed', `${token.length} characters`)
  return token
}

/** The key a token names in its header, when the header is one of our own tokens'. */
function keyName(token: string): string {
  const header = protectedHeader(token)
  if (header.alg !== TOKEN_ALGORITHM) throw unauthenticated('invalid', 'alg')
  if (header.typ !== TOKEN_TYPE) throw unauthenticated('invalid', 'typ')
  if (header.crit !== undefined) throw unauthenticated('invalid', 'crit')
  if (typeof header.kid !== 'string') throw unauthenticated('invalid', 'kid')
  return header.kid
}

function protectedHeader(token: string) {
  try {
    return decodeProtectedHeader(token)
  } catch (error) {
    throw unauthenticated('invalid', 'the header cannot be read', error)
  }
}

async function signedPayload(token: string, key: CryptoKey): Promise<Uint8Array> {
  try {
    return (await compactVerify(token, key, { algorithms: [TOKEN_ALGORITHM] })).payload
  } catch (error) {
    throw unauthenticated('invalid', 'the signature', error)
  }
}
