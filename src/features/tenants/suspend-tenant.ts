// suspend_tenant and resume_tenant: whether anybody of a tenant is let in. Its data stays as it is, and its background
// work waits.
import { z } from 'zod'
import type { SystemCall } from '../../gate/call.ts'
import { defineOperation } from '../../gate/operation.ts'
import { sql } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'
import { storableText } from '../../platform/storable-text.ts'
import { findTenant, tenantRef, tenantShape, type Tenant } from './tenant-rows.ts'

export interface SuspensionDeps {
  /** This process knows before the caller is answered; the others within two seconds. */
  readonly refreshTrust: () => Promise<void>
}

export function suspendTenant({ refreshTrust }: SuspensionDeps) {
  return defineOperation({
    name: 'suspend_tenant',
    title: 'Suspend a tenant',
    description:
      'Refuses the next call of everybody in a tenant and ends the running ones. Nothing is lost; resume_tenant lets them in again.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({
      tenant: tenantRef,
      reason: z
        .string()
        .min(1)
        .max(200)
        .refine(text => !storableText(text).cleaned, 'must be a well-formed text without NUL')
        .describe('Why; it is kept in the audit.'),
    }),
    output: z.object({ tenant: tenantShape }),
    run: async ({ tenant, reason }, call) => {
      const answer = await turn(call, { ref: tenant, to: 'suspended', note: `/reason:${reason}` })
      await refreshTrust()
      return answer
    },
  })
}

export function resumeTenant({ refreshTrust }: SuspensionDeps) {
  return defineOperation({
    name: 'resume_tenant',
    title: 'Resume a tenant',
    description:
      'Lets everybody of a suspended tenant in again; its background work goes on within a minute.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({ tenant: tenantRef }),
    output: z.object({ tenant: tenantShape }),
    run: async ({ tenant }, call) => {
      const answer = await turn(call, { ref: tenant, to: 'active', note: '' })
      await refreshTrust()
      return answer
    },
  })
}

interface Turn {
  readonly ref: string
  readonly to: 'active' | 'suspended'
  readonly note: string
}

/** From active to suspended or back; a tenant that is there already stays. `conflict` while it is made or removed. */
function turn(call: SystemCall, { ref, to, note }: Turn): Promise<{ tenant: Tenant }> {
  const from = to === 'active' ? 'suspended' : 'active'
  return call.system('manage_tenants', async tx => {
    const { id } = await findTenant(tx, ref)
    call.about(`tenant:${id}${note}`)
    await tx.run(sql`
      update app.tenant set status = ${to}, changed_at = now() where id = ${id} and status in (${from}, ${to})`)
    const tenant = await findTenant(tx, ref)
    if (tenant.status !== to) throw inBetween(tenant)
    return { tenant }
  })
}

function inBetween({ slug, status }: Tenant) {
  return fault('conflict', {
    reason: `tenant_${status}`,
    say:
      status === 'provisioning'
        ? `The tenant "${slug}" is still being made; try again in a moment.`
        : `The tenant "${slug}" is being removed.`,
  })
}
