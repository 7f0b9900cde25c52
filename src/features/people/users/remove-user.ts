// remove_user: the user leaves the tenant with its groups, keys and places on access lists. Its standing stays, as
// disabled, so that its tokens are refused until somebody creates the same id again.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { changeUsers } from './change-users.ts'
import { userId } from './user-rows.ts'

/** Takes somebody off the access lists of all documents. */
export type LeaveAccessLists = (
  tx: Writer,
  member: { readonly kind: 'user' | 'group'; readonly id: string },
) => Promise<void>

export interface RemoveUserDeps {
  readonly refreshTrust: () => Promise<void>
  readonly leaveAccessLists: LeaveAccessLists
  readonly revokeKeysOf: (tx: Writer, tenantId: string, userId: string) => Promise<void>
  /** Ends and deletes what agents do and did for the user. */
  readonly forgetTasksOf: (tx: Writer, userId: string) => Promise<void>
}

export function removeUser({ refreshTrust, leaveAccessLists, revokeKeysOf, forgetTasksOf }: RemoveUserDeps) {
  return defineOperation({
    name: 'remove_user',
    title: 'Remove a user',
    description:
      'Takes a user out of the tenant, its groups and all access lists, revokes its keys, forgets its tasks and refuses its tokens for good. Documents it added stay.',
    realm: 'tenant',
    access: 'write',
    scope: 'users:write',
    tool: false,
    uncounted: true,
    destructive: true,
    input: z.strictObject({ id: userId }),
    output: z.strictObject({ id: z.string() }),
    async run({ id }, call) {
      call.about(`user:${id}`)
      return changeUsers(call, refreshTrust, async ({ tx, tenantId, reachable, requireOtherOwner }) => {
        await requireOtherOwner(await reachable(id))
        await leaveAccessLists(tx, { kind: 'user', id })
        await revokeKeysOf(tx, tenantId, id)
        await forgetTasksOf(tx, id)
        await tx.run(sql`delete from app.invitation where tenant_id = ${tenantId} and user_id = ${id}`)
        await tx.run(sql`delete from app.tenant_user where tenant_id = ${tenantId} and id = ${id}`)
        return { id }
      })
    },
  })
}
