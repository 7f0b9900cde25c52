// The maintainer's work: what it does when a tenant is created or removed.
import type { OwnerDatabase } from '../../platform/db/database.ts'
import type { JobWorkers } from '../../platform/jobs/job-workers.ts'
import { queue } from '../../platform/jobs/queue.ts'
import { eraseTenant } from './erase/erase-tenant.ts'
import { provisionTenant } from './storage/provision-tenant.ts'

export const provisionQueue = queue('provision_tenant')
export const eraseQueue = queue('erase_tenant')

/** Only a process with the owner's login can do this work. `erase` may do more than erase: see verified-erasure.ts. */
export async function workTenantJobs(
  workers: JobWorkers,
  owner: OwnerDatabase,
  erase: (tenantId: string) => Promise<unknown> = tenantId => eraseTenant(owner, tenantId),
): Promise<void> {
  await workers.work(provisionQueue, ({ tenantId }) => provisionTenant(owner, tenantId))
  await workers.work(eraseQueue, ({ tenantId }) => erase(tenantId))
}
