// Brings the sample documents of one tenant up to date: adds what is missing, replaces what changed, leaves the
// rest alone. Running it again changes nothing.
import type { TenantDoors } from '../../../platform/db/tenant-doors.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { prepareDocument, stagePrepared } from '../versions/prepare-document.ts'
import { publishVersion, type Published } from '../versions/publish-version.ts'
import { readSamples, type Sample } from './read-samples.ts'

export interface SeedTenantOptions {
  /** samples/<slug> */
  readonly folder: string
  /** Each document is a transaction of its own. */
  readonly tenant: TenantDoors
  /** Orders the vectors of what was published, in the same transaction. */
  readonly orderVectors: (tx: Writer, tenantId: string) => Promise<void>
  readonly progress?: (step: SeedStep) => void
  readonly signal?: AbortSignal
}

export interface SeedStep {
  readonly title: string
  readonly done: number
  readonly total: number
  readonly result: 'added' | 'replaced' | 'unchanged'
}

/** How many documents met each fate. */
export type SeedCount = Record<SeedStep['result'], number>

const RESULT: Record<Published['outcome'], SeedStep['result']> = {
  added: 'added',
  updated: 'replaced',
  unchanged: 'unchanged',
  // Another process that seeds the same tenant was faster.
  superseded: 'unchanged',
}

export async function seedTenant(options: SeedTenantOptions): Promise<SeedCount> {
  const { folder, progress, signal } = options
  const samples = await readSamples(folder)
  const count: SeedCount = { added: 0, replaced: 0, unchanged: 0 }
  for (const [at, sample] of samples.entries()) {
    if (signal?.aborted) break
    const result = await seed(sample, options)
    count[result]++
    progress?.({ title: sample.draft.title, done: at + 1, total: samples.length, result })
  }
  return count
}

async function seed(
  { externalId, labels, draft }: Sample,
  { tenant, orderVectors }: SeedTenantOptions,
): Promise<SeedStep['result']> {
  const document = prepareDocument(draft)
  const { outcome } = await tenant.write(async tx => {
    const published = await publishVersion(tx, tenant.tenantId, {
      versionId: uuidv7(),
      target: { externalId },
      fields: { labels },
      content: document.content,
      stage: stagePrepared(document),
    })
    if (published.outcome !== 'unchanged') await orderVectors(tx, tenant.tenantId)
    return published
  })
  return RESULT[outcome]
}
