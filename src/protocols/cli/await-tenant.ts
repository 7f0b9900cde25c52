// Tenants are made and removed by a background job; a person at a shell wants to hear when it is done.
import { setTimeout as pause } from 'node:timers/promises'
import type { Tenant } from '../../features/tenants/tenant-rows.ts'
import { waitUntilActive } from '../../features/tenants/wait-until-active.ts'
import { asFault, fault } from '../../platform/faults.ts'
import type { Operator } from './operator.ts'

/** The tenant, once it can be used. */
export async function untilActive(operator: Operator, slug: unknown): Promise<Record<string, unknown>> {
  return { ...(await waitUntilActive(async () => tenantNamed(operator, slug))) }
}

/** The tenant as it was, once nothing of it is left. */
export async function untilGone(
  operator: Operator,
  removed: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  for (const end = Date.now() + 120_000; Date.now() < end; await pause(100)) {
    const status = await tenantNamed(operator, removed['slug']).catch((error: unknown) => {
      if (asFault(error).code === 'not_found') return undefined
      throw error
    })
    if (status === undefined) return { ...removed, status: 'removed' }
  }
  throw fault('unavailable', {
    say: 'The tenant is shut out, but not erased yet. A process with the role "worker" will finish it.',
    reason: 'no_maintainer',
  })
}

async function tenantNamed(operator: Operator, tenant: unknown): Promise<Tenant> {
  return (await operator.run('get_tenant', { tenant }))['tenant'] as Tenant
}
