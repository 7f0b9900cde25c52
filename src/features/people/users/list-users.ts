// list_users: the users of the tenant, page by page.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { findGroup, groupRef } from '../groups/group-rows.ts'
import { userShape, usersAfter } from './user-rows.ts'

export const listUsers = defineOperation({
  name: 'list_users',
  title: 'List users',
  description: 'The users of the tenant in the order of their ids, with role and status.',
  realm: 'tenant',
  access: 'read',
  scope: 'users:read',
  tool: false,
  input: z.strictObject({
    group: groupRef.optional().describe('Only the members of this group: its id or name.'),
    after: z.string().max(200).optional().describe('Only users after this id: `next` of the page before.'),
    limit: z.int().min(1).max(1_000).default(100),
  }),
  output: z.strictObject({
    users: z.array(userShape),
    next: z.string().nullable().describe('What to give as `after` for the next page; null on the last.'),
  }),
  async run({ group, after = '', limit }, call) {
    const { tenantId } = call.principal
    return call.read(async tx => {
      const groupId = group === undefined ? undefined : (await findGroup(tx, tenantId, group)).id
      const found = await usersAfter(tx, tenantId, { after, groupId, limit: limit + 1 })
      const users = found.slice(0, limit)
      return { users, next: found.length > limit ? (users.at(-1)?.id ?? null) : null }
    })
  },
})
