// The id of a tenant that an operator names, if credentials for it can be made.
import type { SystemCall } from '../../gate/call.ts'
import { fault } from '../../platform/faults.ts'
import { getTenant } from '../tenants/get-tenant.ts'

/** By id or slug. Throws `not_found`, or `conflict` for one that is being removed. */
export async function tenantNamed(ref: string, call: SystemCall): Promise<string> {
  const { tenant } = await getTenant.run({ tenant: ref }, call)
  if (tenant.status !== 'removing') return tenant.id
  throw fault('conflict', { reason: 'tenant_inactive', say: `The tenant "${ref}" is being removed.` })
}
