// reset_user_password: what reset_account is for operators, for the people of one tenant. An account that opens other
// tenants too, or the deployment, is more than this tenant's to hand out.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { ROLE_SCOPES, type UserRole } from '../../gate/roles.ts'
import { newLink, type OneTimeLink } from '../../gate/sign-in/one-time-links.ts'
import { SUBJECT } from '../../gate/tokens/access-token.ts'
import type { Database, Reader } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'
import { linkShape } from './account-shape.ts'
import { linkAddress } from './link-address.ts'
import { RESET_LIFETIME_S } from './reset-account.ts'

interface ResetUserPasswordDeps {
  readonly publicUrl: string
  readonly database: Pick<Database, 'system'>
}

export function resetUserPassword({ publicUrl, database }: ResetUserPasswordDeps) {
  return defineOperation({
    name: 'reset_user_password',
    title: "Reset a user's password",
    description:
      'Makes a link, good for a day and for one use, with which a user of the tenant chooses a new password.',
    realm: 'tenant',
    access: 'write',
    scope: 'users:write',
    tool: false,
    uncounted: true,
    input: z.strictObject({ id: z.string().regex(SUBJECT, 'must be 1 to 200 visible characters') }),
    output: z.strictObject({ id: z.string(), ...linkShape }),
    async run({ id }, call) {
      call.about(`user:${id}`)
      const { tenantId, scopes } = call.principal
      await call.read(tx => requireBelow(tx, { tenantId, id, scopes }))
      const made = await linkFor(database, tenantId, id)
      // The link is a write of the deployment's; this puts it on the tenant's record before it is handed out.
      await call.write(async () => undefined)
      return {
        id,
        link: linkAddress(publicUrl, 'reset', made.code),
        expires_at: made.expiresAt.toISOString(),
      }
    },
  })
}

interface Target {
  readonly tenantId: string
  readonly id: string
  readonly scopes: ReadonlySet<string>
}

/** Whoever holds the link becomes the user, so its role must not be above the caller's own. */
async function requireBelow(tx: Reader, { tenantId, id, scopes }: Target): Promise<void> {
  const user = await tx.first(
    sql<{ role: UserRole }>`select role from app.tenant_user where tenant_id = ${tenantId} and id = ${id}`,
  )
  if (user === undefined)
    throw fault('not_found', { say: `There is no user "${id}".`, reason: 'unknown_user' })
  if (ROLE_SCOPES[user.role].every(scope => scopes.has(scope))) return
  throw fault('forbidden', { say: `The role of "${id}" is above yours.`, reason: 'insufficient_role' })
}

async function linkFor(
  database: Pick<Database, 'system'>,
  tenantId: string,
  id: string,
): Promise<OneTimeLink> {
  return database.system('manage_people', async tx => {
    const account = await tx.first(sql<{ id: string }>`
      select a.id from app.account_tenant u join app.account a on a.id = u.account_id
      where u.tenant_of = ${tenantId} and u.user_id = ${id} and a.disabled_at is null
      for no key update of a`)
    if (account === undefined)
      throw fault('conflict', {
        say: `"${id}" cannot sign in yet; send an invitation.`,
        reason: 'no_account',
      })
    // Asked while the account is held: it cannot join another tenant between this look and the link.
    const ours = sql`
      select from app.account a where a.id = ${account.id} and not a.is_operator and not exists (
        select from app.account_tenant o where o.account_id = a.id and o.tenant_of <> ${tenantId})`
    if ((await tx.first(ours)) === undefined)
      throw fault('forbidden', {
        say: 'This account is used outside of the tenant too: an operator of the deployment can reset it.',
        reason: 'shared_account',
      })
    return newLink(tx, { purpose: 'reset', accountId: account.id, lifetimeS: RESET_LIFETIME_S })
  })
}
