// update_user: another name, e-mail address or role.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { emailAddress, personName, spelledEmail } from '../../../gate/sign-in/email-address.ts'
import { sql } from '../../../platform/db/statements.ts'
import { changeUsers, type UserChange } from './change-users.ts'
import { emailTaken, findUser, userId, userRole, userShape, type User } from './user-rows.ts'

export function updateUser({ refreshTrust }: { readonly refreshTrust: () => Promise<void> }) {
  return defineOperation({
    name: 'update_user',
    title: 'Change a user',
    description:
      'Changes name, e-mail address or role of a user; what is left out stays. A new role holds in all processes within two seconds.',
    realm: 'tenant',
    access: 'write',
    scope: 'users:write',
    tool: false,
    uncounted: true,
    input: z
      .strictObject({
        id: userId,
        name: personName.optional(),
        email: emailAddress.nullable().optional().describe('null takes it away.'),
        role: userRole.optional().describe('Not above your own, and not of somebody above you.'),
      })
      .refine(
        ({ name, email, role }) => name !== undefined || email !== undefined || role !== undefined,
        'give name, email or role',
      ),
    output: z.strictObject({ user: userShape }),
    async run({ id, ...changes }, call) {
      call.about(`user:${id}`)
      return changeUsers(call, refreshTrust, async change => {
        const user = await change.reachable(id)
        await updateRow(change, user, changes)
        return { user: await findUser(change.tx, change.tenantId, id) }
      })
    },
  })
}

interface Changes {
  readonly name?: string | undefined
  readonly email?: string | null | undefined
  readonly role?: User['role'] | undefined
}

async function updateRow(change: UserChange, user: User, changes: Changes): Promise<void> {
  const { tx, tenantId } = change
  const { name = user.name, role = user.role } = changes
  const given = changes.email === undefined ? user.email : changes.email
  const email = given === null ? null : spelledEmail(given)
  change.requireReach(role)
  if (role !== 'owner') await change.requireOtherOwner(user)
  const other = await tx.first(sql`
    select from app.tenant_user where tenant_id = ${tenantId} and email = ${email} and id <> ${user.id}`)
  if (other !== undefined && email !== null) throw emailTaken(email)
  await tx.run(sql`
    update app.tenant_user set name = ${name}, email = ${email}, role = ${role}
    where tenant_id = ${tenantId} and id = ${user.id}`)
}
