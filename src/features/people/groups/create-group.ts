// create_group: a name for several users at once, for access lists.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { findGroup, groupName, groupShape, nameTaken } from './group-rows.ts'

export const createGroup = defineOperation({
  name: 'create_group',
  title: 'Create a group',
  description: 'Adds an empty group to the tenant.',
  realm: 'tenant',
  access: 'write',
  scope: 'users:write',
  tool: false,
  uncounted: true,
  input: z.strictObject({ name: groupName }),
  output: z.strictObject({ group: groupShape }),
  async run({ name }, call) {
    const { tenantId } = call.principal
    const id = uuidv7()
    call.about(`group:${id}`)
    return call.write(async tx => {
      const added = await tx.run(sql`
        insert into app.user_group (tenant_id, id, name) values (${tenantId}, ${id}, ${name})
        on conflict do nothing`)
      if (added === 0) throw nameTaken(name)
      return { group: await findGroup(tx, tenantId, id) }
    })
  },
})
