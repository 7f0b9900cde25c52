// Brings the sample tenants and documents into a deployment. Tenants are made by the operation that makes every
// tenant; documents go through the doors of their own tenant.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { SeededTenant } from './features/documents/seed-samples.ts'
import { seedTenant } from './features/documents/samples/seed-tenant.ts'
import type { Tenant } from './features/tenants/tenant-rows.ts'
import { waitUntilActive } from './features/tenants/wait-until-active.ts'
import { samplePeople, seedPeople } from './features/people/seed-people.ts'
import { embedPending } from './features/embeddings/embed-pending.ts'
import { embeddersPaidBy, type PaidEmbeddings } from './features/embeddings/paid/paid-embeddings.ts'
import type { Database, Writer } from './platform/db/database.ts'
import { tenantDoors } from './platform/db/tenant-doors.ts'

const SAMPLES = fileURLToPath(new URL('../samples', import.meta.url))

const Description = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  tier: z.string(),
  ...samplePeople,
})

export interface SeedDeps extends PaidEmbeddings {
  readonly database: Database
  readonly orderVectors: (tx: Writer, tenantId: string) => Promise<void>
  readonly createTenant: (
    tenant: Pick<z.output<typeof Description>, 'id' | 'slug' | 'name' | 'tier'>,
  ) => Promise<Tenant>
  readonly getTenant: (slug: string) => Promise<Tenant>
  /** Undefined where there is none: which is no refusal, and none is logged. */
  readonly findTenant: (slug: string) => Promise<Tenant | undefined>
  /** Once, with the first samples: what their tenants can be upgraded to. */
  readonly offerTier: () => Promise<void>
  readonly progress: (line: string) => void
}

/**
 * Adds what is missing and replaces what changed; a tenant that is there already keeps its name and tier, and a
 * suspended one is left alone.
 */
export async function seedAll(deps: SeedDeps, signal: AbortSignal): Promise<SeededTenant[]> {
  const seeded: SeededTenant[] = []
  for (const sample of await sampleTenants()) {
    if (signal.aborted) break
    const tenant = await tenantOf(sample, deps, signal)
    if (tenant === undefined) continue
    const doors = tenantDoors(deps.database, {
      tenantId: tenant.id,
      subject: 'gatehouse:samples',
      reads: 'all',
      rights: ['people'],
      signal,
    })
    await seedPeople(doors, sample)
    const count = await seedTenant({
      folder: join(SAMPLES, sample.slug),
      tenant: doors,
      orderVectors: deps.orderVectors,
      signal,
      progress: ({ done, total, result }) => {
        if (result !== 'unchanged' && (done % 10 === 0 || done === total))
          deps.progress(`samples of ${sample.slug}: ${done} of ${total}`)
      },
    })
    // Not left to the background: whoever searches the samples first should find them by likeness too.
    await embedPending({ ...doors, open: embeddersPaidBy(tenant.id, deps), signal })
    seeded.push({
      id: tenant.id,
      slug: sample.slug,
      added: count.added + count.replaced,
      unchanged: count.unchanged,
    })
  }
  return seeded
}

async function tenantOf(
  sample: z.output<typeof Description>,
  deps: SeedDeps,
  signal: AbortSignal,
): Promise<Tenant | undefined> {
  const known = await deps.findTenant(sample.slug)
  if (known?.status === 'suspended') return undefined
  const { id, slug, name, tier } = sample
  if (known === undefined) {
    await deps.createTenant({ id, slug, name, tier })
    await deps.offerTier()
  }
  return waitUntilActive(() => deps.getTenant(sample.slug), { signal })
}

/** The samples as their folders describe them. */
export async function sampleTenants(): Promise<z.output<typeof Description>[]> {
  const entries = await readdir(SAMPLES, { withFileTypes: true })
  const folders = entries
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
  return Promise.all(
    folders.map(async folder =>
      Description.parse(JSON.parse(await readFile(join(SAMPLES, folder, 'tenant.json'), 'utf8'))),
    ),
  )
}
