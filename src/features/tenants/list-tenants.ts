// All tenants of the deployment; there are 2,000 at most, so they come in one piece.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { allTenants, tenantShape } from './tenant-rows.ts'

export const listTenants = defineOperation({
  name: 'list_tenants',
  title: 'List tenants',
  description: 'All tenants, oldest first, with tier and status.',
  realm: 'deployment',
  access: 'read',
  input: z.strictObject({}),
  output: z.object({ tenants: z.array(tenantShape) }),
  run: async (_, call) => ({ tenants: await call.system('manage_tenants', allTenants) }),
})
