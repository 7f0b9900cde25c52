// update_tenant: another name or tier. The slug never changes. A new tier decides from the tenant's next call on: what it
// may spend at once and everywhere, how often it may call and which models in the other processes within two seconds.
import { z } from 'zod'
import { orderBudgetRaised } from '../../gate/money/budget-raised.ts'
import { defineOperation } from '../../gate/operation.ts'
import { sql } from '../../platform/db/statements.ts'
import { findTenant, tenantRef, tenantShape } from './tenant-rows.ts'
import { requireTier, tierRef } from './tiers-there-are.ts'

export interface UpdateTenantDeps {
  readonly refreshTrust: () => Promise<void>
}

export function updateTenant({ refreshTrust }: UpdateTenantDeps) {
  return defineOperation({
    name: 'update_tenant',
    title: 'Change a tenant',
    description: 'Changes the name or the tier of a tenant; what is left out stays.',
    realm: 'deployment',
    access: 'write',
    input: z
      .strictObject({
        tenant: tenantRef,
        name: z.string().min(1).max(200).optional().describe('What people call it.'),
        tier: tierRef.optional().describe('Decides its limits.'),
      })
      .refine(({ name, tier }) => name !== undefined || tier !== undefined, 'give name or tier'),
    output: z.object({ tenant: tenantShape }),
    async run({ tenant: ref, name = null, tier = null }, call) {
      const answer = await call.system('manage_tenants', async tx => {
        const { id } = await findTenant(tx, ref)
        call.about(`tenant:${id}`)
        if (tier !== null) await requireTier(tx, tier)
        await tx.run(sql`
        update app.tenant set name = coalesce(${name}, name), tier = coalesce(${tier}, tier), changed_at = now()
        where id = ${id}`)
        if (tier !== null) await orderBudgetRaised(tx, id)
        return { tenant: await findTenant(tx, id) }
      })
      await refreshTrust()
      return answer
    },
  })
}
