// create_user: somebody new, or somebody again who was removed.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { emailAddress, personName, spelledEmail } from '../../../gate/sign-in/email-address.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault, type Fault } from '../../../platform/faults.ts'
import { changeUsers } from './change-users.ts'
import { emailTaken, findUser, newUserId, userRole, userShape } from './user-rows.ts'

export function createUser({ refreshTrust }: { readonly refreshTrust: () => Promise<void> }) {
  return defineOperation({
    name: 'create_user',
    title: 'Create a user',
    description:
      'Adds a user to the tenant. From then on tokens for this id allow no more than the role, all processes know within two seconds.',
    realm: 'tenant',
    access: 'write',
    scope: 'users:write',
    tool: false,
    uncounted: true,
    input: z.strictObject({
      id: newUserId.describe('The subject of its tokens; never changed.'),
      name: personName,
      email: emailAddress.optional().describe('Unique in the tenant; kept in lower case.'),
      role: userRole.describe('Not above your own.'),
    }),
    output: z.strictObject({ user: userShape }),
    async run({ id, name, email: given, role }, call) {
      call.about(`user:${id}`)
      const email = given === undefined ? null : spelledEmail(given)
      return changeUsers(call, refreshTrust, async ({ tx, tenantId, requireReach }) => {
        requireReach(role)
        const added = await tx.run(sql`
          insert into app.tenant_user (tenant_id, id, name, email, role)
          values (${tenantId}, ${id}, ${name}, ${email}, ${role})
          on conflict do nothing`)
        if (added === 0) throw await taken(tx, tenantId, { id, email })
        return { user: await findUser(tx, tenantId, id) }
      })
    },
  })
}

async function taken(
  tx: Writer,
  tenantId: string,
  { id, email }: { readonly id: string; readonly email: string | null },
): Promise<Fault> {
  const same = await tx.first(sql`select from app.tenant_user where tenant_id = ${tenantId} and id = ${id}`)
  if (same === undefined && email !== null) return emailTaken(email)
  return fault('conflict', { say: `A user "${id}" exists; use update_user.`, reason: 'user_exists' })
}
