// create_api_key: a key that speaks for its maker, or for a service of the tenant. It is shown once; what is kept of it
// cannot be turned back into it.
import { z } from 'zod'
import type { TenantPrincipal } from '../../../gate/call.ts'
import { ID_OF_EXTERNAL } from '../../../gate/issuers/external-token.ts'
import { keepSecret } from '../../../gate/keys/key-secret.ts'
import { ID_OF_KEY } from '../../../gate/keys/key-standings.ts'
import { newKey } from '../../../gate/keys/key-text.ts'
import { defineOperation } from '../../../gate/operation.ts'
import { SCOPE_NAMES, type Scope } from '../../../gate/scopes.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { endAfter, keyName, lifeInDays, madeByKey } from './key-shape.ts'

/** What anybody can give a key of its own; the database refuses any other to who does not manage users. */
const PLAIN: ReadonlySet<Scope> = new Set(['documents:read', 'documents:write', 'keys:write'])
/** Every process keeps all keys in memory. */
const MAX_KEYS_OF_ONE = 100

const Input = z.strictObject({
  name: keyName,
  scopes: z
    .array(z.enum(SCOPE_NAMES, `must be one of ${SCOPE_NAMES.join(', ')}`))
    .min(1)
    .describe('What the key allows: some of what the caller is allowed itself.'),
  expires_in_days: lifeInDays,
  for_service: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 characters: a-z, 0-9 and -, not beginning with -')
    .optional()
    .describe('The key speaks for this service of the tenant and not for the caller. Needs users:write.'),
})

export function createApiKey({ changed }: { changed: () => Promise<void> }) {
  return defineOperation({
    name: 'create_api_key',
    title: 'Create an API key',
    description:
      'Makes a key that can be used as an access token. It is shown once and not stored; revoke_api_key ends it. A key cannot make keys.',
    realm: 'tenant',
    access: 'write',
    scope: 'keys:write',
    tool: false,
    uncounted: true,
    input: Input,
    output: z.strictObject({
      key: z.string().describe('Shown this once.'),
      id: z.string(),
      name: z.string(),
      user: z.string().describe('Whom it speaks for.'),
      scopes: z.array(z.string()),
      expires_at: z.iso.datetime().nullable(),
    }),
    async run(input, call) {
      const { principal } = call
      if (principal.tokenId.startsWith(ID_OF_KEY)) throw madeByKey('sign in, or use an access token')
      refuseMoreThanHeld(input.scopes, principal)
      refuseWithoutEnd(input.expires_in_days, principal)
      const user = ownerOf(input.for_service, principal)
      const key = newKey('tenant')
      call.about(`api_key:${key.id}`)
      const scopes = [...new Set(input.scopes)]
      const expiresAt = endAfter(input.expires_in_days)
      const { salt, secretHash } = keepSecret(key.secret)
      await call.write(async tx => {
        await refuseUndescribed(tx, principal)
        await refuseTooMany(tx, { tenantId: principal.tenantId, user })
        await tx.run(sql`
          insert into app.api_key (tenant_id, id, name, user_id, scopes, salt, secret_hash, created_by, expires_at)
          values (${principal.tenantId}, ${key.id}, ${input.name}, ${user}, ${scopes}, ${salt}, ${secretHash},
            ${principal.subject}, ${expiresAt})`)
      })
      await changed()
      const { id, text } = key
      return { key: text, id, name: input.name, user, scopes, expires_at: expiresAt?.toISOString() ?? null }
    },
  })
}

function refuseMoreThanHeld(scopes: readonly Scope[], principal: TenantPrincipal): void {
  const missing = scopes.filter(scope => !principal.scopes.has(scope))
  if (missing.length > 0) {
    throw fault('forbidden', {
      reason: 'scope_not_held',
      say: `A key cannot allow what its maker is not allowed: ${missing.join(', ')}.`,
    })
  }
  const high = scopes.filter(scope => !PLAIN.has(scope))
  if (high.length === 0 || principal.scopes.has('users:write')) return
  throw fault('forbidden', {
    reason: 'needs_users_write',
    say: `To make a key that allows ${high.join(', ')} takes the scope users:write.`,
  })
}

function refuseWithoutEnd(days: number | null, { scopes }: TenantPrincipal): void {
  if (days !== null || scopes.has('tenant:write')) return
  throw fault('forbidden', {
    reason: 'needs_owner',
    say: 'Only an owner can make a key without end; give expires_in_days.',
  })
}

function ownerOf(service: string | undefined, { subject, scopes }: TenantPrincipal): string {
  if (service === undefined) return subject
  if (scopes.has('users:write')) return `service:${service}`
  throw fault('forbidden', {
    reason: 'insufficient_scope',
    say: 'A key for a service needs the scope users:write; leave for_service out for a key of your own.',
  })
}

/** What the trust in an issuer opens ends with it. A key would go on, with nobody there who could be disabled. */
async function refuseUndescribed(tx: Writer, { tenantId, subject, tokenId }: TenantPrincipal): Promise<void> {
  if (!tokenId.startsWith(ID_OF_EXTERNAL)) return
  const user = sql`select from app.tenant_user where tenant_id = ${tenantId} and id = ${subject}`
  if ((await tx.first(user)) !== undefined) return
  throw fault('forbidden', {
    reason: 'undescribed_user',
    say: 'Somebody who manages the users of the tenant must add you (create_user) before you can make keys.',
  })
}

async function refuseTooMany(
  tx: Writer,
  { tenantId, user }: { tenantId: string; user: string },
): Promise<void> {
  const found = await tx.first(sql<{ count: number }>`
    select count(*)::int as count from app.api_key
    where tenant_id = ${tenantId} and user_id = ${user} and revoked_at is null and coalesce(expires_at > now(), true)`)
  if ((found?.count ?? 0) < MAX_KEYS_OF_ONE) return
  throw fault('conflict', {
    reason: 'too_many_keys',
    say: `${user} has ${MAX_KEYS_OF_ONE} keys already; revoke some first.`,
  })
}
