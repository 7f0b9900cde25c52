// add_group_member and remove_group_member: what the members of a group may read changes with the next call.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { findUser, userId } from '../users/user-rows.ts'
import { findGroup, groupRef, groupShape } from './group-rows.ts'

export const addGroupMember = defineOperation({
  name: 'add_group_member',
  title: 'Add a user to a group',
  description: 'Puts a user into a group; one that is in it already stays.',
  realm: 'tenant',
  access: 'write',
  scope: 'users:write',
  tool: false,
  uncounted: true,
  input: z.strictObject({ group: groupRef, user: userId }),
  output: z.strictObject({ group: groupShape }),
  async run({ group, user }, call) {
    const { tenantId } = call.principal
    return call.write(async tx => {
      const { id } = await findGroup(tx, tenantId, group)
      call.about(`group:${id}/user:${user}`)
      // Both are held: a removal at the same time comes before this, or after it.
      await tx.run(sql`select from app.user_group where tenant_id = ${tenantId} and id = ${id} for key share`)
      await tx.run(
        sql`select from app.tenant_user where tenant_id = ${tenantId} and id = ${user} for key share`,
      )
      await findUser(tx, tenantId, user)
      await tx.run(sql`
        insert into app.group_member (tenant_id, group_id, user_id)
        select g.tenant_id, g.id, ${user} from app.user_group g where g.tenant_id = ${tenantId} and g.id = ${id}
        on conflict do nothing`)
      return { group: await findGroup(tx, tenantId, id) }
    })
  },
})

export const removeGroupMember = defineOperation({
  name: 'remove_group_member',
  title: 'Take a user out of a group',
  description: 'Takes a user out of a group.',
  realm: 'tenant',
  access: 'write',
  scope: 'users:write',
  tool: false,
  uncounted: true,
  input: z.strictObject({ group: groupRef, user: userId }),
  output: z.strictObject({ group: groupShape }),
  async run({ group, user }, call) {
    const { tenantId } = call.principal
    return call.write(async tx => {
      const { id, name } = await findGroup(tx, tenantId, group)
      call.about(`group:${id}/user:${user}`)
      const removed = await tx.run(sql`
        delete from app.group_member where tenant_id = ${tenantId} and group_id = ${id} and user_id = ${user}`)
      if (removed === 0) {
        await findUser(tx, tenantId, user)
        throw fault('not_found', { say: `"${user}" is not in the group "${name}".`, reason: 'not_a_member' })
      }
      return { group: await findGroup(tx, tenantId, id) }
    })
  },
})
