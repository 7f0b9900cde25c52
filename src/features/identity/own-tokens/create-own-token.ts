// create_own_token: somebody who is signed in makes an access token for a program of theirs, which acts as them.
import { z } from 'zod'
import type { TenantPrincipal } from '../../../gate/call.ts'
import { defineOperation } from '../../../gate/operation.ts'
import { SCOPE_NAMES, SCOPES, type Scope } from '../../../gate/scopes.ts'
import { ID_OF_SESSION } from '../../../gate/sign-in/session/session-principal.ts'
import { MAX_LIFETIME_S } from '../../../gate/tokens/access-token.ts'
import { AUDIENCES } from '../../../gate/tokens/audience.ts'
import { fault } from '../../../platform/faults.ts'
import { signedTokenShape, signToken, type Signing } from '../sign-token.ts'

/** Enough to search, ask and follow; whoever wants more says so. */
const PLAIN: readonly Scope[] = ['documents:read', 'tasks:read', 'tasks:write']

const input = z.strictObject({
  audience: z.enum(AUDIENCES).describe('Which door the token opens.'),
  scopes: z
    .array(z.enum(SCOPE_NAMES, `must be one of ${SCOPE_NAMES.join(', ')}`))
    .min(1)
    .max(SCOPE_NAMES.length)
    .optional()
    .describe(
      `Of your own. ${PLAIN.join(', ')} when left out, as far as you have them. ${SCOPE_NAMES.map(name => `${name}: ${SCOPES[name]}`).join(' ')}`,
    ),
  ttl_seconds: z.int().min(1).max(MAX_LIFETIME_S).default(3600),
})

export interface CreateOwnTokenDeps extends Signing {
  /** The name of the key that signs now. */
  readonly activeKid: () => string | undefined
}

export function createOwnToken({ activeKid, ...signing }: CreateOwnTokenDeps) {
  return defineOperation({
    name: 'create_own_token',
    title: 'Create an access token of your own',
    description:
      'Signs an access token that speaks for you, for a program of yours. It is shown once and not stored; revoke_own_token ends it early.',
    realm: 'tenant',
    access: 'write',
    // Every role has it: whoever may sign in may connect a program that does what they may.
    scope: 'documents:read',
    tool: false,
    uncounted: true,
    // Signing is work that nothing else bounds.
    weight: 10,
    input,
    output: z.strictObject(signedTokenShape),
    async run({ audience, scopes, ttl_seconds: ttlSeconds }, call) {
      const { principal } = call
      requireSignedIn(principal)
      const asked = scopes ?? PLAIN.filter(scope => principal.scopes.has(scope))
      requireHeld(asked, principal)
      const { tenantId, subject: user } = principal
      const words = { tenantId, user, scopes: asked, audience, ttlSeconds, clientId: 'gatehouse-page' }
      const made = await signToken(activeKid(), words, signing)
      call.about(`token:${made.token_id}`)
      // A token that is not on record is not handed out.
      await call.write(async () => undefined)
      return made
    },
  })
}

/** A token or a key that was stolen must not breed others, which would outlive it. */
function requireSignedIn({ tokenId }: TenantPrincipal): void {
  if (tokenId.startsWith(ID_OF_SESSION)) return
  throw fault('forbidden', {
    reason: 'not_signed_in',
    say: 'Only somebody who is signed in can make a token: sign in on the page, or ask an operator for one.',
  })
}

function requireHeld(asked: readonly Scope[], { scopes }: TenantPrincipal): void {
  const missing = asked.filter(scope => !scopes.has(scope))
  if (missing.length === 0) return
  throw fault('forbidden', {
    reason: 'scope_not_held',
    say: `A token cannot allow what you are not allowed: ${missing.join(', ')}.`,
  })
}
