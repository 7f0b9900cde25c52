// list_groups: the groups of the tenant, page by page.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { groupShape, groupsAfter } from './group-rows.ts'

export const listGroups = defineOperation({
  name: 'list_groups',
  title: 'List groups',
  description: 'The groups of the tenant in the order of their names. list_users names the members of one.',
  realm: 'tenant',
  access: 'read',
  scope: 'users:read',
  tool: false,
  uncounted: true,
  input: z.strictObject({
    after: z.string().max(100).optional().describe('Only groups after this name: `next` of the page before.'),
    limit: z.int().min(1).max(1_000).default(100),
  }),
  output: z.strictObject({
    groups: z.array(groupShape),
    next: z.string().nullable().describe('What to give as `after` for the next page; null on the last.'),
  }),
  async run({ after = '', limit }, call) {
    const found = await call.read(tx => groupsAfter(tx, call.principal.tenantId, { after, limit: limit + 1 }))
    const groups = found.slice(0, limit)
    return { groups, next: found.length > limit ? (groups.at(-1)?.name ?? null) : null }
  },
})
