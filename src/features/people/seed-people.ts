// The users and groups that come with the samples. A tenant that has users is left alone, so that nobody who was removed
// or lowered comes back with the next start.
import { z } from 'zod'
import { emailAddress, personName, spelledEmail } from '../../gate/sign-in/email-address.ts'
import { sql } from '../../platform/db/statements.ts'
import type { TenantDoors } from '../../platform/db/tenant-doors.ts'
import { uuidv7 } from '../../platform/uuid-v7.ts'
import { groupName } from './groups/group-rows.ts'
import { newUserId, userRole } from './users/user-rows.ts'

/** The part of tenant.json that describes people. */
export const samplePeople = {
  users: z
    .array(z.strictObject({ id: newUserId, name: personName, email: emailAddress, role: userRole }))
    .default([]),
  groups: z.array(z.strictObject({ name: groupName, members: z.array(newUserId) })).default([]),
}

export interface SamplePeople {
  readonly users: z.output<typeof samplePeople.users>
  readonly groups: z.output<typeof samplePeople.groups>
}

/** The doors are those of somebody who manages people. */
export async function seedPeople(
  { tenantId, write }: Pick<TenantDoors, 'tenantId' | 'write'>,
  { users, groups }: SamplePeople,
): Promise<void> {
  await write(async tx => {
    if (
      (await tx.first(sql`select from app.tenant_user where tenant_id = ${tenantId} limit 1`)) !== undefined
    )
      return
    for (const { id, name, email, role } of users)
      await tx.run(sql`
        insert into app.tenant_user (tenant_id, id, name, email, role)
        values (${tenantId}, ${id}, ${name}, ${spelledEmail(email)}, ${role}) on conflict do nothing`)
    for (const { name, members } of groups) {
      const id = uuidv7()
      const added = await tx.run(sql`
        insert into app.user_group (tenant_id, id, name) values (${tenantId}, ${id}, ${name})
        on conflict do nothing`)
      if (added > 0)
        await tx.run(sql`
          insert into app.group_member (tenant_id, group_id, user_id)
          select ${tenantId}, ${id}, u.id from app.tenant_user u
          where u.tenant_id = ${tenantId} and u.id = any(${members}::text[])`)
    }
  })
}
