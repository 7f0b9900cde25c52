// For callers that want to use a tenant right after they created it.
import { setTimeout as wait } from 'node:timers/promises'
import { fault } from '../../platform/faults.ts'
import type { Tenant } from './tenant-rows.ts'

export interface WaitOptions {
  /** 30 s by default; with a maintainer at work it takes well under one. */
  readonly withinMs?: number
  readonly signal?: AbortSignal
}

/** Asks `getTenant` until the tenant is active. `unavailable` after the time is up: most likely no maintainer runs. */
export async function waitUntilActive(
  getTenant: () => Promise<Tenant>,
  { withinMs = 30_000, signal }: WaitOptions = {},
): Promise<Tenant> {
  const end = Date.now() + withinMs
  for (;;) {
    const tenant = await getTenant()
    if (tenant.status === 'active') return tenant
    if (tenant.status !== 'provisioning') throw notToCome(tenant)
    if (Date.now() >= end) throw noMaintainer(tenant, withinMs)
    await wait(100, undefined, signal === undefined ? {} : { signal }).catch(() => {
      throw fault('cancelled')
    })
  }
}

function notToCome({ slug, status }: Tenant) {
  const say =
    status === 'suspended'
      ? `The tenant "${slug}" is suspended; resume_tenant lets it in again.`
      : `The tenant "${slug}" is being removed.`
  return fault('conflict', { say, reason: `tenant_${status}` })
}

function noMaintainer({ slug }: Tenant, withinMs: number) {
  return fault('unavailable', {
    say:
      `The tenant "${slug}" is still provisioning after ${Math.round(withinMs / 1000)} s. No maintainer seems to be at work: ` +
      'start a process with the role "worker" and DATABASE_OWNER_URL and DATABASE_WORKER_URL set. The tenant will be finished then; do not create it again.',
    reason: 'no_maintainer',
  })
}
