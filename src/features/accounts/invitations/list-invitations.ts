// list_invitations: whom the tenant has invited, and what became of it.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { invitations, invitationShape, shownInvitation } from './invitation-rows.ts'

export const listInvitations = defineOperation({
  name: 'list_invitations',
  title: 'List invitations',
  description: 'The invitations of the tenant, newest first. Their links are shown by invite_user alone.',
  realm: 'tenant',
  access: 'read',
  scope: 'users:read',
  tool: false,
  uncounted: true,
  input: z.strictObject({
    before: z.uuid().optional().describe('Only invitations older than this one: `next` of the page before.'),
    limit: z.int().min(1).max(1_000).default(100),
  }),
  output: z.strictObject({
    invitations: z.array(invitationShape),
    next: z.string().nullable().describe('What to give as `before` for the next page; null on the last.'),
  }),
  async run({ before, limit }, call) {
    const all = invitations
      .selectFrom('invitation')
      .selectAll()
      .where('tenant_id', '=', call.principal.tenantId)
      .orderBy('id', 'desc')
      .limit(limit + 1)
    const rows = await call.read(tx => tx.all(before === undefined ? all : all.where('id', '<', before)))
    const shown = rows.slice(0, limit).map(shownInvitation)
    return { invitations: shown, next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null }
  },
})
