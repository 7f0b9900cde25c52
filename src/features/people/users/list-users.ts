// list_users: the users of the tenant, page by page.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { storableText } from '../../../platform/storable-text.ts'
import { findGroup, groupRef } from '../groups/group-rows.ts'
import { userRole, userShape, usersAfter } from './user-rows.ts'

export const listUsers = defineOperation({
  name: 'list_users',
  title: 'List users',
  description:
    'The users of the tenant in the order of their ids, with role, status and the names of their groups.',
  realm: 'tenant',
  access: 'read',
  scope: 'users:read',
  tool: false,
  uncounted: true,
  input: z.strictObject({
    group: groupRef.optional().describe('Only the members of this group: its id or name.'),
    find: z
      .string()
      .min(1)
      .max(200)
      .refine(text => !storableText(text).cleaned, 'must be a well-formed text without NUL')
      .optional()
      .describe('Only users with this in their id, name or e-mail address.'),
    role: userRole.optional().describe('Only users of this role.'),
    status: z.enum(['active', 'disabled']).optional(),
    after: z.string().max(200).optional().describe('Only users after this id: `next` of the page before.'),
    limit: z.int().min(1).max(1_000).default(100),
  }),
  output: z.strictObject({
    users: z.array(userShape.extend({ groups: z.array(z.string()).describe('Their names.') })),
    next: z.string().nullable().describe('What to give as `after` for the next page; null on the last.'),
  }),
  async run({ group, role = null, status, find = null, after = '', limit }, call) {
    const { tenantId } = call.principal
    const is_disabled = status === undefined ? null : status === 'disabled'
    return call.read(async tx => {
      const group_id = group === undefined ? null : (await findGroup(tx, tenantId, group)).id
      const asked = { after, group_id, role, is_disabled, find, limit: limit + 1 }
      const found = await usersAfter(tx, tenantId, asked)
      const users = found.slice(0, limit).map(user => ({ ...user, groups: [...user.groups] }))
      return { users, next: found.length > limit ? (users.at(-1)?.id ?? null) : null }
    })
  },
})
