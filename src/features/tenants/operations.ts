// What the catalog takes from this feature.
import type { Operation } from '../../gate/operation.ts'
import { createTenant, type CreateTenantDeps } from './create-tenant.ts'
import { exportTenant } from './export-tenant.ts'
import { getTenant } from './get-tenant.ts'
import { listTenants } from './list-tenants.ts'
import { removeTenant } from './remove-tenant.ts'
import { resumeTenant, suspendTenant, type SuspensionDeps } from './suspend-tenant.ts'
import { updateTenant, type UpdateTenantDeps } from './update-tenant.ts'
import { verifyErasure, type VerifyErasureDeps } from './erase/verify-erasure.ts'

export type TenantsDeps = CreateTenantDeps & UpdateTenantDeps & SuspensionDeps & VerifyErasureDeps

export function operations(deps: TenantsDeps): Operation[] {
  return [
    createTenant(deps),
    listTenants,
    getTenant,
    updateTenant(deps),
    suspendTenant(deps),
    resumeTenant(deps),
    exportTenant,
    removeTenant,
    verifyErasure(deps),
  ]
}
