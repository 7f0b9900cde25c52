// create_token: an access token for a user of a tenant, signed by the active key. Nothing of it is stored.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { SCOPE_NAMES, SCOPES } from '../../gate/scopes.ts'
import { MAX_LIFETIME_S, RESERVED_SUBJECT, SUBJECT } from '../../gate/tokens/access-token.ts'
import { AUDIENCES } from '../../gate/tokens/audience.ts'
import { activeKey } from './new-signing-key.ts'
import { signedTokenShape, signToken, type Signing } from './sign-token.ts'
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

export function createToken(signing: Signing) {
  return defineOperation({
    name: 'create_token',
    title: 'Create an access token',
    description:
      'Signs an access token for a user of a tenant. It is shown once and not stored; revoke_token ends it early.',
    realm: 'deployment',
    access: 'write',
    input: Input,
    output: z.strictObject(signedTokenShape),
    async run(input, call) {
      const tenantId = await tenantNamed(input.tenant, call)
      call.about(`tenant:${tenantId}`)
      const active = await call.system('manage_keys', tx => tx.first(activeKey))
      const { user, scopes, audience, ttl_seconds: ttlSeconds } = input
      const words = { tenantId, user, scopes, audience, ttlSeconds, clientId: 'gatehouse-cli' }
      const made = await signToken(active?.kid, words, signing)
      call.about(`tenant:${tenantId}/token:${made.token_id}`)
      return made
    },
  })
}
