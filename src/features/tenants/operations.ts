// What the catalog takes from this feature.
import type { Operation } from '../../gate/operation.ts'
import { createTenant } from './create-tenant.ts'
import { getTenant } from './get-tenant.ts'
import { listTenants } from './list-tenants.ts'
import { removeTenant } from './remove-tenant.ts'

export function operations(): Operation[] {
  return [createTenant, listTenants, getTenant, removeTenant]
}
