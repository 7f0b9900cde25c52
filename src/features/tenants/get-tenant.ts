// One tenant, by id or slug.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { findTenant, tenantRef, tenantShape } from './tenant-rows.ts'

export const getTenant = defineOperation({
  name: 'get_tenant',
  title: 'Show a tenant',
  description: 'A tenant with its tier and status: provisioning, active, suspended or removing.',
  realm: 'deployment',
  access: 'read',
  input: z.strictObject({ tenant: tenantRef }),
  output: z.object({ tenant: tenantShape }),
  async run({ tenant: ref }, call) {
    const tenant = await call.system('manage_tenants', tx => findTenant(tx, ref))
    call.about(`tenant:${tenant.id}`)
    return { tenant }
  },
})
