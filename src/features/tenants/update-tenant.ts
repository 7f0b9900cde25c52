// update_tenant: another name or tier. The slug never changes.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { sql } from '../../platform/db/statements.ts'
import { findTenant, tenantRef, tenantShape } from './tenant-rows.ts'

export const updateTenant = defineOperation({
  name: 'update_tenant',
  title: 'Change a tenant',
  description: 'Changes the name or the tier of a tenant; what is left out stays.',
  realm: 'deployment',
  access: 'write',
  input: z
    .strictObject({
      tenant: tenantRef,
      name: z.string().min(1).max(200).optional().describe('What people call it.'),
      tier: z.enum(['free', 'pro', 'enterprise']).optional().describe('Decides its limits.'),
    })
    .refine(({ name, tier }) => name !== undefined || tier !== undefined, 'give name or tier'),
  output: z.object({ tenant: tenantShape }),
  run: ({ tenant: ref, name = null, tier = null }, call) =>
    call.system('manage_tenants', async tx => {
      const { id } = await findTenant(tx, ref)
      call.about(`tenant:${id}`)
      await tx.run(sql`
        update app.tenant set name = coalesce(${name}, name), tier = coalesce(${tier}, tier) where id = ${id}`)
      return { tenant: await findTenant(tx, id) }
    }),
})
