// revoke_invitation: its link does not work any more. Whoever accepted it before stays a user.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'

export const revokeInvitation = defineOperation({
  name: 'revoke_invitation',
  title: 'Revoke an invitation',
  description: 'Takes back an invitation that was not accepted yet.',
  realm: 'tenant',
  access: 'write',
  scope: 'users:write',
  tool: false,
  uncounted: true,
  input: z.strictObject({ id: z.uuid().describe('The id of the invitation.') }),
  output: z.strictObject({ id: z.string() }),
  async run({ id }, call) {
    call.about(`invitation:${id}`)
    const removed = await call.write(tx =>
      tx.run(sql`
        delete from app.invitation
        where tenant_id = ${call.principal.tenantId} and id = ${id} and accepted_at is null`),
    )
    if (removed === 0)
      throw fault('not_found', {
        say: 'There is no open invitation of that id.',
        reason: 'unknown_invitation',
      })
    return { id }
  },
})
