// rename_group: access lists name groups by id, so a new name changes nobody's access.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { findGroup, groupName, groupRef, groupShape, nameTaken } from './group-rows.ts'

export const renameGroup = defineOperation({
  name: 'rename_group',
  title: 'Rename a group',
  description: 'Gives a group another name. Its members and what they may read stay the same.',
  realm: 'tenant',
  access: 'write',
  scope: 'users:write',
  tool: false,
  uncounted: true,
  input: z.strictObject({ group: groupRef, name: groupName }),
  output: z.strictObject({ group: groupShape }),
  async run({ group, name }, call) {
    const { tenantId } = call.principal
    return call.write(async tx => {
      const { id } = await findGroup(tx, tenantId, group)
      call.about(`group:${id}`)
      const other = await tx.first(sql`
        select from app.user_group where tenant_id = ${tenantId} and name = ${name} and id <> ${id}`)
      if (other !== undefined) throw nameTaken(name)
      await tx.run(sql`update app.user_group set name = ${name} where tenant_id = ${tenantId} and id = ${id}`)
      return { group: await findGroup(tx, tenantId, id) }
    })
  },
})
