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
import type { Database } from './platform/db/database.ts'
import type { Embedder } from './platform/models/embedder.ts'

const SAMPLES = fileURLToPath(new URL('../samples', import.meta.url))

const Description = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  tier: z.enum(['free', 'pro', 'enterprise']),
})

export interface SeedDeps {
  readonly database: Database
  readonly embedder: Embedder
  readonly createTenant: (tenant: z.output<typeof Description>) => Promise<Tenant>
  readonly getTenant: (slug: string) => Promise<Tenant>
  readonly progress: (line: string) => void
}

/** Adds what is missing and replaces what changed; a tenant that is there already keeps its name and tier. */
export async function seedAll(deps: SeedDeps, signal: AbortSignal): Promise<SeededTenant[]> {
  const seeded: SeededTenant[] = []
  for (const sample of await sampleTenants()) {
    if (signal.aborted) break
    const tenant = await tenantOf(sample, deps, signal)
    const doors = doorsOf(deps.database, tenant.id, signal)
    const count = await seedTenant({
      folder: join(SAMPLES, sample.slug),
      tenant: doors,
      embedder: deps.embedder,
      signal,
      progress: ({ done, total, result }) => {
        if (result !== 'unchanged' && (done % 10 === 0 || done === total))
          deps.progress(`samples of ${sample.slug}: ${done} of ${total}`)
      },
    })
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
): Promise<Tenant> {
  const known = await deps.getTenant(sample.slug).catch(() => undefined)
  if (known === undefined) await deps.createTenant(sample)
  return waitUntilActive(() => deps.getTenant(sample.slug), { signal })
}

async function sampleTenants(): Promise<z.output<typeof Description>[]> {
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

function doorsOf(database: Database, tenantId: string, signal: AbortSignal) {
  const scope = { tenantId, subject: 'samples', signal }
  return {
    tenantId,
    read: <T>(fn: Parameters<typeof database.readAs<T>>[1]) => database.readAs(scope, fn),
    write: <T>(fn: Parameters<typeof database.writeAs<T>>[1]) => database.writeAs(scope, fn),
  }
}
