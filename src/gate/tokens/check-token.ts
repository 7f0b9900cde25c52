// A presented token: signed by a key of ours or of an issuer that is trusted, good by that issuer's rules, not revoked.
// Headers of a token that point at keys elsewhere (jku, x5u, jwk, x5c) are never looked at.
import { compactVerify, decodeJwt, decodeProtectedHeader, type CryptoKey } from 'jose'
import { hash } from 'node:crypto'
import { readExternalToken } from '../issuers/external-token.ts'
import type { TrustedIssuer, TrustedIssuers } from '../issuers/trusted-issuers.ts'
import type { UserRole } from '../roles.ts'
import { readAccessToken, TOKEN_ALGORITHM, TOKEN_TYPE, type ReadToken } from './access-token.ts'
import type { TokenTrust } from './token-trust.ts'
import { unauthenticated } from './unauthenticated.ts'
import { verifiedTokens, type VerifiedToken } from './verified-tokens.ts'

export interface TokenCheckOptions {
  readonly trust: Pick<TokenTrust, 'key' | 'lookFor' | 'isRevoked'>
  /** What `iss` must be, where a trusted issuer's is not. */
  readonly issuer: string
  /** What `aud` must be, in tokens of ours: the resource this door leads to. */
  readonly audience: string
  readonly issuers: Pick<TrustedIssuers, 'find'>
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

export interface CheckedToken extends ReadToken {
  /** Bounds the scopes of a user that the tenant has not described; undefined for our own tokens. */
  readonly defaultRole: UserRole | undefined
}

/** Throws `unauthenticated`, or `unavailable` when an issuer's keys cannot be had. */
export function tokenCheck({ trust, issuer, audience, issuers, clock }: TokenCheckOptions) {
  const verified = verifiedTokens<VerifiedToken & CheckedToken>()
  const now = (): number => clock() / 1000

  async function ownToken(token: string, header: Header) {
    if (header.typ !== TOKEN_TYPE) throw unauthenticated('invalid', 'typ')
    const { kid } = header
    const key = trust.key(kid) ?? (await trust.lookFor(kid))
    if (key === undefined) throw unauthenticated('invalid', 'unknown key')
    const read = readAccessToken(await signedPayload(token, key), { issuer, audience, now: now() })
    return { ...read, defaultRole: undefined, isSignerTrusted: () => trust.key(kid) !== undefined }
  }

  async function externalToken(token: string, { typ, kid }: Header, from: TrustedIssuer) {
    if (!isAccessTokenType(typ, from)) throw unauthenticated('invalid', 'typ')
    const key = await from.keys.find(kid)
    if (key === undefined) throw unauthenticated('invalid', 'unknown key')
    return {
      ...readExternalToken(await signedPayload(token, key), from, now()),
      defaultRole: from.rules.default_role,
      isSignerTrusted: () => issuers.find(from.issuer) === from && from.keys.has(kid),
    }
  }

  async function verify(token: string): Promise<VerifiedToken & CheckedToken> {
    const header = headerOf(token)
    const from = issuers.find(claimedIssuer(token))
    return from === undefined ? ownToken(token, header) : externalToken(token, header, from)
  }

  return async function checkToken(token: string): Promise<CheckedToken> {
    const digest = hash('sha256', token, 'base64')
    const kept = verified.find(digest, clock())
    // Where the key or the issuer's terms have changed since, it is as if it had never been seen.
    const known = kept?.isSignerTrusted() === true ? kept : undefined
    const found = known ?? (await verify(token))
    if (!found.isSignerTrusted()) throw unauthenticated('invalid', 'the key is retired')
    if (trust.isRevoked(found.principal.tokenId)) throw unauthenticated('revoked')
    if (known === undefined) verified.keep(digest, found, clock())
    return found
  }
}

interface Header {
  readonly kid: string
  readonly typ: unknown
}

/** What the header says, when it can be one of a token that is accepted here. */
function headerOf(token: string): Header {
  const { alg, crit, kid, typ } = protectedHeader(token)
  if (alg !== TOKEN_ALGORITHM) throw unauthenticated('invalid', 'alg')
  if (crit !== undefined) throw unauthenticated('invalid', 'crit')
  if (typeof kid !== 'string') throw unauthenticated('invalid', 'kid')
  return { kid, typ }
}

function protectedHeader(token: string) {
  try {
    return decodeProtectedHeader(token)
  } catch (error) {
    throw unauthenticated('invalid', 'the header cannot be read', error)
  }
}

/** Not verified: it only decides whose rules and keys the token has to pass, and those ask for the same `iss`. */
function claimedIssuer(token: string): string {
  try {
    const { iss } = decodeJwt(token)
    return typeof iss === 'string' ? iss : ''
  } catch {
    // The signature is looked at first; whoever signed this is told what is wrong with it.
    return ''
  }
}

function isAccessTokenType(typ: unknown, { rules }: TrustedIssuer): boolean {
  // RFC 9068, 2.1 and RFC 7515, 4.1.9: the prefix may be left out, letter case is free.
  const name = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ
  return name === TOKEN_TYPE || (rules.may_miss.includes('typ') && (name === undefined || name === 'jwt'))
}

async function signedPayload(token: string, key: CryptoKey): Promise<Uint8Array> {
  try {
    return (await compactVerify(token, key, { algorithms: [TOKEN_ALGORITHM] })).payload
  } catch (error) {
    throw unauthenticated('invalid', 'the signature', error)
  }
}
