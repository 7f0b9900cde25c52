// The maintainer's work: what it does when a tenant is created or removed.
import type { OwnerDatabase } from '../../platform/db/database.ts'
import type { JobWorkers } from '../../platform/jobs/job-workers.ts'
import { queue } from '../../platform/jobs/queue.ts'
import { eraseTenant } from './erase-tenant.ts'
import { provisionTenant } from './provision-tenant.ts'

export const provisionQueue = queue('provision_tenant')
export const eraseQueue = queue('erase_tenant')

/** Only a process with the owner's login can do this work. */
export async function workTenantJobs(workers: JobWorkers, owner: OwnerDatabase): Promise<void> {
  await workers.work(provisionQueue, ({ tenantId }) => provisionTenant(owner, tenantId))
  await workers.work(eraseQueue, ({ tenantId }) => eraseTenant(owner, tenantId))
}
