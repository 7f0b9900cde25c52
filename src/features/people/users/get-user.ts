// get_user: one user with the groups it is in.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { groupsOf } from '../groups/group-rows.ts'
import { findUser, userId, userShape } from './user-rows.ts'

export const getUser = defineOperation({
  name: 'get_user',
  title: 'Show a user',
  description: 'A user of the tenant with role, status and groups.',
  realm: 'tenant',
  access: 'read',
  scope: 'users:read',
  tool: false,
  uncounted: true,
  input: z.strictObject({ id: userId }),
  output: z.strictObject({
    user: userShape.extend({ groups: z.array(z.strictObject({ id: z.string(), name: z.string() })) }),
  }),
  async run({ id }, call) {
    const { tenantId } = call.principal
    call.about(`user:${id}`)
    return call.read(async tx => ({
      user: { ...(await findUser(tx, tenantId, id)), groups: await groupsOf(tx, tenantId, id) },
    }))
  },
})
