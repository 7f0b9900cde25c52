// Makes a tenant and hands it to its owner: registered, then its storage is made, then the owner is appointed. Each stage
// is told; what was done stays done when a later one fails, and trying again goes on from there.
import { call, type Output } from '../../../../api/call.ts'
import type { Tenant } from '../../../../api/operations.gen.ts'
import { ApiProblem } from '../../../../api/problem.ts'

export type Stage = 'registered' | 'storage' | 'owner'

export interface NewTenant {
  readonly name: string
  readonly slug: string
  readonly tier?: string
  /** Undefined: nobody yet. */
  readonly ownerEmail?: string
}

export interface MadeTenant {
  readonly tenant: Tenant
  readonly owner: Output<'appoint_owner'> | undefined
}

export interface Making {
  readonly signal: AbortSignal
  readonly onStage: (done: Stage) => void
  /** Keep it for another try. */
  readonly onRegistered: (tenant: Tenant) => void
}

const ASK_AGAIN_MS = 1_000
const PATIENCE_MS = 60_000

/** `made` is what an earlier try has registered already. */
export async function makeTenant(
  { name, slug, tier, ownerEmail }: NewTenant,
  made: Tenant | undefined,
  { signal, onStage, onRegistered }: Making,
): Promise<MadeTenant> {
  const registered =
    made ??
    (await call('create_tenant', { name, slug, ...(tier === undefined ? {} : { tier }) }, signal)).tenant
  onRegistered(registered)
  onStage('registered')
  const tenant = await activated(registered.id, signal)
  onStage('storage')
  if (ownerEmail === undefined) return { tenant, owner: undefined }
  const owner = await call('appoint_owner', { tenant: tenant.id, email: ownerEmail }, signal)
  onStage('owner')
  return { tenant, owner }
}

async function activated(id: string, signal: AbortSignal): Promise<Tenant> {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const { tenant } = await call('get_tenant', { tenant: id }, signal)
    if (tenant.status === 'active') return tenant
    if (performance.now() > end)
      throw new ApiProblem(
        'The storage of the tenant is not made yet: no worker seems to be running. It is finished as soon as one runs; do not create it again.',
        { code: 'timeout', reason: 'no_maintainer' },
      )
    await new Promise(resolve => setTimeout(resolve, ASK_AGAIN_MS))
    signal.throwIfAborted()
  }
}
