// revoke_own_token: ends an access token that speaks for the caller, given the token itself.
import { compactVerify, type CryptoKey } from 'jose'
import { z } from 'zod'
import type { TenantPrincipal } from '../../../gate/call.ts'
import { defineOperation } from '../../../gate/operation.ts'
import { TOKEN_ALGORITHM } from '../../../gate/tokens/access-token.ts'
import type { Database } from '../../../platform/db/database.ts'
import { fault } from '../../../platform/faults.ts'
import { rememberRevocation } from '../revoke-token.ts'

export interface RevokeOwnTokenDeps {
  readonly database: Pick<Database, 'system'>
  /** The public key by that name. */
  readonly key: (kid: string) => CryptoKey | undefined
  readonly changed: () => Promise<void>
}

const Claims = z.object({
  jti: z.string().min(1).max(128),
  sub: z.string(),
  tenant_id: z.string(),
  exp: z.number(),
})

export function revokeOwnToken({ database, key, changed }: RevokeOwnTokenDeps) {
  return defineOperation({
    name: 'revoke_own_token',
    title: 'Revoke an access token of your own',
    description: 'Refuses a token of yours from now on. All processes know within two seconds.',
    realm: 'tenant',
    access: 'write',
    scope: 'documents:read',
    tool: false,
    uncounted: true,
    input: z.strictObject({ token: z.string().min(1).max(8_192).describe('The token itself.') }),
    output: z.strictObject({ token_id: z.string() }),
    async run({ token }, call) {
      const { jti, exp } = await ownToken(token, call.principal, key)
      call.about(`token:${jti}`)
      // Revocations are the deployment's. That it is the caller's own was proved by its signature, not by its id.
      await database.system('manage_keys', tx => rememberRevocation(tx, jti, new Date(exp * 1_000)))
      await call.write(async () => undefined)
      await changed()
      return { token_id: jti }
    },
  })
}

async function ownToken(
  token: string,
  { tenantId, subject }: TenantPrincipal,
  key: RevokeOwnTokenDeps['key'],
): Promise<z.output<typeof Claims>> {
  try {
    const keyOf = ({ kid }: { kid?: string }): CryptoKey => {
      const found = kid === undefined ? undefined : key(kid)
      if (found === undefined) throw notOwn()
      return found
    }
    const { payload } = await compactVerify(token, keyOf, { algorithms: [TOKEN_ALGORITHM] })
    const claims = Claims.parse(JSON.parse(new TextDecoder().decode(payload)))
    if (claims.tenant_id === tenantId && claims.sub === subject) return claims
  } catch {
    throw notOwn()
  }
  throw notOwn()
}

function notOwn() {
  const message = 'token is no access token of yours'
  return fault('invalid_input', { issues: [{ field: 'token', message }], say: message })
}
