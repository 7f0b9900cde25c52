// Registers a tenant and orders its partitions; the maintainer makes it active a moment later.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import type { Reader } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import { fault, type Fault } from '../../platform/faults.ts'
import { sendJob } from '../../platform/jobs/send-job.ts'
import { uuidv7 } from '../../platform/uuid-v7.ts'
import { provisionQueue } from './tenant-jobs.ts'
import { findTenant, looksLikeId, tenantShape } from './tenant-rows.ts'
import { requireTier, tierRef } from './tiers-there-are.ts'

export interface CreateTenantDeps {
  /** This process knows the tenant's tier before the caller is answered; the others within two seconds. */
  readonly refreshTrust: () => Promise<void>
}

export function createTenant({ refreshTrust }: CreateTenantDeps) {
  return defineOperation({
    name: 'create_tenant',
    title: 'Create a tenant',
    description:
      'Registers a tenant. It is "provisioning" until the maintainer has made its storage, then "active".',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({
      name: z.string().min(1).max(200).describe('What people call it.'),
      slug: z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9-]{0,62}$/,
          'must be 1 to 63 characters: a-z, 0-9 and -, not beginning with -',
        )
        .refine(slug => !looksLikeId(slug), 'must not look like an id')
        .describe('Its short name in commands and addresses; unique, and never changed.'),
      tier: tierRef.optional().describe('Decides its limits; standard by default.'),
      id: z.uuid().optional().describe('An id made elsewhere; a new one by default.'),
    }),
    output: z.object({ tenant: tenantShape }),
    async run({ name, slug, tier = 'standard', id = uuidv7() }, call) {
      call.about(`tenant:${id.toLowerCase()}`)
      const tenantId = id.toLowerCase()
      const answer = await call.system('manage_tenants', async tx => {
        await requireTier(tx, tier)
        const added = await tx.run(sql`
        insert into app.tenant (id, slug, name, tier) values (${tenantId}, ${slug}, ${name}, ${tier})
        on conflict do nothing`)
        if (added === 0) throw await taken(tx, slug)
        await sendJob(tx, provisionQueue, { tenantId })
        return { tenant: await findTenant(tx, tenantId) }
      })
      await refreshTrust()
      return answer
    },
  })
}

async function taken(tx: Reader, slug: string): Promise<Fault> {
  const other = await tx.first(sql`select from app.tenant where slug = ${slug}`)
  return other === undefined
    ? fault('conflict', { say: 'A tenant with this id exists.', reason: 'id_taken' })
    : fault('conflict', {
        say: `A tenant with the slug "${slug}" exists; choose another.`,
        reason: 'slug_taken',
      })
}
