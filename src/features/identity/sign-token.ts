// Signs an access token with the key that signs now. Nothing of it is stored.
import { SignJWT } from 'jose'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Scope } from '../../gate/scopes.ts'
import { TOKEN_ALGORITHM, TOKEN_TYPE } from '../../gate/tokens/access-token.ts'
import { issuerOf, resourceOf, type Audience } from '../../gate/tokens/audience.ts'
import { fault } from '../../platform/faults.ts'
import type { PrivateKeys } from './private-keys.ts'

export interface Signing {
  readonly privateKeys: Pick<PrivateKeys, 'read'>
  readonly publicUrl: string
}

export interface TokenWords {
  readonly tenantId: string
  readonly user: string
  readonly scopes: readonly Scope[]
  readonly audience: Audience
  readonly ttlSeconds: number
  /** Which program it was made with. */
  readonly clientId: string
}

/** What is answered of it, once. */
export const signedTokenShape = {
  token: z.string(),
  token_id: z.string(),
  expires_at: z.iso.datetime(),
  tenant_id: z.string(),
  user: z.string(),
  scopes: z.array(z.string()),
  audience: z.string().describe('The resource the token is for.'),
}

/** `kid` names the key. Throws `conflict` where there is none, or its private half is not in this data folder. */
export async function signToken(
  kid: string | undefined,
  words: TokenWords,
  { privateKeys, publicUrl }: Signing,
): Promise<z.output<z.ZodObject<typeof signedTokenShape>>> {
  const { tenantId, user, audience } = words
  const key = await signer(kid, privateKeys)
  const tokenId = randomUUID()
  const issuedAt = Math.floor(Date.now() / 1000)
  const scopes = [...new Set(words.scopes)]
  const claims = {
    iss: issuerOf(publicUrl),
    aud: resourceOf(publicUrl, audience),
    sub: user,
    user_id: user,
    tenant_id: tenantId,
    client_id: words.clientId,
    scope: scopes.join(' '),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + words.ttlSeconds,
    jti: tokenId,
  }
  const header = { alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid: key.kid }
  return {
    token: await new SignJWT(claims).setProtectedHeader(header).sign(key.privateKey),
    token_id: tokenId,
    expires_at: new Date(claims.exp * 1000).toISOString(),
    tenant_id: tenantId,
    user,
    scopes,
    audience: claims.aud,
  }
}

async function signer(kid: string | undefined, privateKeys: Pick<PrivateKeys, 'read'>) {
  if (kid === undefined) {
    throw fault('conflict', {
      reason: 'no_signing_key',
      say: 'There is no signing key yet; run rotate_signing_key.',
    })
  }
  const privateKey = await privateKeys.read(kid)
  if (privateKey === undefined) {
    throw fault('conflict', {
      reason: 'signing_key_elsewhere',
      say: `The private half of ${kid} is not in this data folder. Run this where the key was made, or run rotate_signing_key here.`,
    })
  }
  return { kid, privateKey }
}
