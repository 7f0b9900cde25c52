// disable_user and enable_user: whether a user is let in at all.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { changeUsers } from './change-users.ts'
import { findUser, userId, userShape } from './user-rows.ts'

interface SwitchDeps {
  readonly refreshTrust: () => Promise<void>
}

export function disableUser({ refreshTrust }: SwitchDeps) {
  return defineOperation({
    name: 'disable_user',
    title: 'Disable a user',
    description:
      "Refuses the user's next call, whatever credential it comes with, and ends its running ones. It keeps its role and groups.",
    realm: 'tenant',
    access: 'write',
    scope: 'users:write',
    tool: false,
    uncounted: true,
    input: z.strictObject({ id: userId }),
    output: z.strictObject({ user: userShape }),
    async run({ id }, call) {
      call.about(`user:${id}`)
      return changeUsers(call, refreshTrust, async ({ tx, tenantId, reachable, requireOtherOwner }) => {
        await requireOtherOwner(await reachable(id))
        await tx.run(sql`
          update app.tenant_user set disabled_at = coalesce(disabled_at, now())
          where tenant_id = ${tenantId} and id = ${id}`)
        return { user: await findUser(tx, tenantId, id) }
      })
    },
  })
}

export function enableUser({ refreshTrust }: SwitchDeps) {
  return defineOperation({
    name: 'enable_user',
    title: 'Enable a user',
    description: 'Lets a disabled user in again, with the credentials that have not ended meanwhile.',
    realm: 'tenant',
    access: 'write',
    scope: 'users:write',
    tool: false,
    uncounted: true,
    input: z.strictObject({ id: userId }),
    output: z.strictObject({ user: userShape }),
    async run({ id }, call) {
      call.about(`user:${id}`)
      return changeUsers(call, refreshTrust, async ({ tx, tenantId, reachable }) => {
        await reachable(id)
        await tx.run(
          sql`update app.tenant_user set disabled_at = null where tenant_id = ${tenantId} and id = ${id}`,
        )
        return { user: await findUser(tx, tenantId, id) }
      })
    },
  })
}
