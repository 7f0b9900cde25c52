// create_token: an access token for a user of a tenant, signed by the active key. Nothing of it is stored.
import { SignJWT } from 'jose'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { SystemCall } from '../../gate/call.ts'
import { defineOperation } from '../../gate/operation.ts'
import { SCOPE_NAMES, SCOPES } from '../../gate/scopes.ts'
import {
  MAX_LIFETIME_S,
  RESERVED_SUBJECT,
  SUBJECT,
  TOKEN_ALGORITHM,
  TOKEN_TYPE,
} from '../../gate/tokens/access-token.ts'
import { AUDIENCES, issuerOf, resourceOf } from '../../gate/tokens/audience.ts'
import { fault } from '../../platform/faults.ts'
import { activeKey } from './new-signing-key.ts'
import type { PrivateKeys } from './private-keys.ts'
import { tenantNamed } from './tenant-named.ts'

const scopesSay = `must be one of ${SCOPE_NAMES.join(', ')}`
const Input = z.strictObject({
  tenant: z.string().min(1).max(63).describe('Id or short name of the tenant.'),
  user: z
    .string()
    .regex(SUBJECT, 'must be 1 to 200 visible characters')
    // Whoever bore one would be taken for the system itself, a service or an operator: on record and by the database.
    .refine(user => !RESERVED_SUBJECT.test(user), 'must not begin with gatehouse:, service: or operator:')
    .describe('Who calls: the subject of the token.'),
  scopes: z
    .array(z.enum(SCOPE_NAMES, scopesSay))
    .min(1)
    .default(['documents:read', 'documents:write', 'tasks:read', 'tasks:write'])
    .describe(
      Object.entries(SCOPES)
        .map(([name, says]) => `${name}: ${says}`)
        .join(' '),
    ),
  audience: z.enum(AUDIENCES).default('mcp').describe('Which door the token opens.'),
  ttl_seconds: z.int().min(1).max(MAX_LIFETIME_S).default(3600),
})

export interface CreateTokenDeps {
  readonly privateKeys: PrivateKeys
  readonly publicUrl: string
}

export function createToken({ privateKeys, publicUrl }: CreateTokenDeps) {
  return defineOperation({
    name: 'create_token',
    title: 'Create an access token',
    description:
      'Signs an access token for a user of a tenant. It is shown once and not stored; revoke_token ends it early.',
    realm: 'deployment',
    access: 'write',
    input: Input,
    output: z.strictObject({
      token: z.string(),
      token_id: z.string(),
      expires_at: z.iso.datetime(),
      tenant_id: z.string(),
      user: z.string(),
      scopes: z.array(z.string()),
      audience: z.string().describe('The resource the token is for.'),
    }),
    async run(input, call) {
      const tenantId = await tenantNamed(input.tenant, call)
      const tokenId = randomUUID()
      call.about(`tenant:${tenantId}/token:${tokenId}`)
      const key = await signer(privateKeys, call)
      const issuedAt = Math.floor(Date.now() / 1000)
      const scopes = [...new Set(input.scopes)]
      const claims = {
        iss: issuerOf(publicUrl),
        aud: resourceOf(publicUrl, input.audience),
        sub: input.user,
        user_id: input.user,
        tenant_id: tenantId,
        client_id: 'gatehouse-cli',
        scope: scopes.join(' '),
        iat: issuedAt,
        nbf: issuedAt,
        exp: issuedAt + input.ttl_seconds,
        jti: tokenId,
      }
      const token = new SignJWT(claims).setProtectedHeader({
        alg: TOKEN_ALGORITHM,
        typ: TOKEN_TYPE,
        kid: key.kid,
      })
      return {
        token: await token.sign(key.privateKey),
        token_id: tokenId,
        expires_at: new Date(claims.exp * 1000).toISOString(),
        tenant_id: tenantId,
        user: input.user,
        scopes,
        audience: claims.aud,
      }
    },
  })
}

async function signer(privateKeys: PrivateKeys, call: SystemCall) {
  const active = await call.system('manage_keys', tx => tx.first(activeKey))
  if (active === undefined) {
    throw fault('conflict', {
      reason: 'no_signing_key',
      say: 'There is no signing key yet; run rotate_signing_key.',
    })
  }
  const privateKey = await privateKeys.read(active.kid)
  if (privateKey === undefined) {
    throw fault('conflict', {
      reason: 'signing_key_elsewhere',
      say: `The private half of ${active.kid} is not in this data folder. Run this where the key was made, or run rotate_signing_key here.`,
    })
  }
  return { kid: active.kid, privateKey }
}
