// What the catalog takes from this feature.
import type { Operation } from '../../gate/operation.ts'
import { createTenant } from './create-tenant.ts'
import { exportTenant } from './export-tenant.ts'
import { getTenant } from './get-tenant.ts'
import { listTenants } from './list-tenants.ts'
import { removeTenant } from './remove-tenant.ts'
import { resumeTenant, suspendTenant, type SuspensionDeps } from './suspend-tenant.ts'
import { updateTenant } from './update-tenant.ts'
import { verifyErasure, type VerifyErasureDeps } from './erase/verify-erasure.ts'

export type TenantsDeps = SuspensionDeps & VerifyErasureDeps

export function operations(deps: TenantsDeps): Operation[] {
  return [
    createTenant,
    listTenants,
    getTenant,
    updateTenant,
    suspendTenant(deps),
    resumeTenant(deps),
    exportTenant,
    removeTenant,
    verifyErasure(deps),
  ]
}
