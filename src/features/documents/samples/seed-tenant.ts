// Brings the sample documents of one tenant up to date: adds what is missing, replaces what changed, leaves the
// rest alone. Running it again changes nothing.
import type { Reader, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { Fault } from '../../../platform/faults.ts'
import type { Embedder } from '../../../platform/models/embedder.ts'
import { storableText } from '../../../platform/storable-text.ts'
import { hashOfContent, prepareDocument } from '../prepare-document.ts'
import { publishDocument, republishDocument } from '../publish-document.ts'
import { readSamples, type Sample } from './read-samples.ts'

/** The doors to one tenant's rows. Each document is a transaction of its own. */
export interface TenantDoors {
  readonly tenantId: string
  read<T>(fn: (tx: Reader) => Promise<T>): Promise<T>
  write<T>(fn: (tx: Writer) => Promise<T>): Promise<T>
}

export interface SeedTenantOptions {
  /** samples/<slug> */
  readonly folder: string
  readonly tenant: TenantDoors
  readonly embedder: Embedder
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

interface Existing {
  readonly id: string
  readonly external_id: string
  readonly title: string
  readonly labels: string[]
  readonly content_hash: Uint8Array
}

export async function seedTenant(options: SeedTenantOptions): Promise<SeedCount> {
  const { folder, tenant, progress, signal } = options
  const samples = await readSamples(folder)
  const existing = new Map(
    (await tenant.read(tx => tx.all(allExisting(tenant.tenantId)))).map(row => [row.external_id, row]),
  )
  const count: SeedCount = { added: 0, replaced: 0, unchanged: 0 }
  for (const [at, sample] of samples.entries()) {
    if (signal?.aborted) break
    const result = await seed(sample, existing.get(sample.draft.externalId), options)
    count[result]++
    progress?.({ title: sample.draft.title, done: at + 1, total: samples.length, result })
  }
  return count
}

async function seed(
  { draft, isEmbedded }: Sample,
  before: Existing | undefined,
  { tenant: { tenantId, write }, embedder, signal }: SeedTenantOptions,
): Promise<SeedStep['result']> {
  if (before !== undefined && isSame(draft, before)) return 'unchanged'
  const document = await prepareDocument(draft, isEmbedded ? embedder : undefined, signal)
  if (before === undefined) {
    return publishOnce(() => write(tx => publishDocument(tx, tenantId, document)))
  }
  await write(tx => republishDocument(tx, { tenant_id: tenantId, document_id: before.id }, document))
  return 'replaced'
}

/** Another process that seeds the same tenant may have been faster. */
async function publishOnce(publish: () => Promise<string>): Promise<SeedStep['result']> {
  try {
    await publish()
    return 'added'
  } catch (error) {
    if (error instanceof Fault && error.reason === 'external_id_taken') return 'unchanged'
    throw error
  }
}

function isSame(draft: Sample['draft'], before: Existing): boolean {
  const hash = hashOfContent(storableText(draft.content).text)
  return (
    draft.title === before.title &&
    JSON.stringify(draft.labels) === JSON.stringify(before.labels) &&
    Buffer.from(before.content_hash).equals(hash)
  )
}

function allExisting(tenantId: string) {
  return sql<Existing>`
    select d.id, d.external_id, d.title, d.labels, v.content_hash
    from app.document d
    join app.document_version v on v.tenant_id = d.tenant_id and v.document_id = d.id and v.version = d.current_version
    where d.tenant_id = ${tenantId} and d.external_id is not null`
}
