// delete_tier: for a tier that no tenant is in and none leads to.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault, type Fault } from '../../../platform/faults.ts'
import { findTier, tierId } from './tier-rows.ts'

/** New tenants are in it (the column's default). */
const DEFAULT_TIER = 'standard'

export function deleteTier({ refreshTrust }: { readonly refreshTrust: () => Promise<void> }) {
  return defineOperation({
    name: 'delete_tier',
    title: 'Delete a tier',
    description: 'Removes a tier that no tenant is in and that no other tier names as its next.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({ tier: tierId }),
    output: z.strictObject({ deleted: z.string() }),
    async run({ tier: id }, call) {
      call.about(`tier:${id}`)
      await call.system('manage_money', async tx => {
        // Held, so that no tenant moves into it in between.
        await tx.first(sql`select from app.tier where id = ${id} for update`)
        const { tenants } = await findTier(tx, id)
        if (tenants > 0) throw inUse(`${counted(tenants)} in the tier "${id}": move them first.`)
        if (id === DEFAULT_TIER) throw inUse(`New tenants are in the tier "${id}": it stays.`)
        const before = await tx.all(sql<{ id: string }>`
          select id from app.tier where next_tier = ${id} and id <> ${id} order by id`)
        if (before.length > 0) {
          const names = before.map(tier => `"${tier.id}"`).join(', ')
          throw inUse(`The tier "${id}" comes after ${names}: give ${names} another next tier first.`)
        }
        await tx.run(sql`delete from app.tier where id = ${id}`)
      })
      await refreshTrust()
      return { deleted: id }
    },
  })
}

function counted(tenants: number): string {
  return tenants === 1 ? '1 tenant is' : `${tenants} tenants are`
}

function inUse(say: string): Fault {
  return fault('conflict', { reason: 'tier_in_use', say })
}
