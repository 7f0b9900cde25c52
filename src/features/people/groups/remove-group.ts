// remove_group: the group goes, its members stay. Documents that were open to it alone are then closed to them.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { LeaveAccessLists } from '../users/remove-user.ts'
import { findGroup, groupRef } from './group-rows.ts'

export function removeGroup({ leaveAccessLists }: { readonly leaveAccessLists: LeaveAccessLists }) {
  return defineOperation({
    name: 'remove_group',
    title: 'Remove a group',
    description: 'Removes a group and takes it off all access lists. Its members stay users of the tenant.',
    realm: 'tenant',
    access: 'write',
    scope: 'users:write',
    tool: false,
    uncounted: true,
    destructive: true,
    input: z.strictObject({ group: groupRef }),
    output: z.strictObject({ id: z.string() }),
    async run({ group }, call) {
      const { tenantId } = call.principal
      return call.write(async tx => {
        const { id } = await findGroup(tx, tenantId, group)
        call.about(`group:${id}`)
        await leaveAccessLists(tx, { kind: 'group', id })
        await tx.run(sql`delete from app.user_group where tenant_id = ${tenantId} and id = ${id}`)
        return { id }
      })
    },
  })
}
