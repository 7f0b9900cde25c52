// Puts tenants with their documents and vectors in, by the same functions as the product: some hundred documents a
// transaction, each with its postings, its statistics and its vector.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { prepareDocument, stagePrepared } from '../../../src/features/documents/versions/prepare-document.ts'
import { publishVersion } from '../../../src/features/documents/versions/publish-version.ts'
import { FIRST_CHUNK, pendingChunks, settleChunks } from '../../../src/features/embeddings/pending-chunks.ts'
import { provisionTenant } from '../../../src/features/tenants/storage/provision-tenant.ts'
import type { Database, Writer } from '../../../src/platform/db/database.ts'
import { sql } from '../../../src/platform/db/statements.ts'
import { uuidv7 } from '../../../src/platform/uuid-v7.ts'
import type { BenchDatabase } from './bench-database.ts'
import { documentOf, type BenchTenant } from './corpus.ts'
import type { PlantedVectors } from './planted-vectors.ts'

const A_TRANSACTION = 100
/** Tenants that are filled at a time. */
const AT_ONCE = 3

export interface Load {
  readonly tenants: readonly BenchTenant[]
  readonly vectors: PlantedVectors
  /** The number of the model whose table takes the vectors. */
  readonly model: number
  tell(line: string): void
}

export async function loadTenants(database: BenchDatabase, load: Load): Promise<void> {
  const app = database.openApp(AT_ONCE)
  const queue = load.tenants.values()
  const all = load.tenants.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  const work = async (): Promise<void> => {
    for (const tenant of queue) {
      const id = uuidv7()
      await app.system('manage_tenants', tx =>
        tx.run(sql`insert into app.tenant (id, slug, name) values (${id}, ${tenant.slug}, ${tenant.slug})`),
      )
      await provisionTenant(database.owner, id)
      for (let at = 0; at < tenant.size; at += A_TRANSACTION) {
        const count = Math.min(A_TRANSACTION, tenant.size - at)
        await loadBatch(app, id, { ...load, first: tenant.first + at, count })
        done += count
        if (done % 5_000 < count) load.tell(`  ${done} of ${all} documents`)
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    await app.close()
  }
}

interface Batch extends Load {
  readonly first: number
  readonly count: number
}

async function loadBatch(app: Database, tenantId: string, batch: Batch): Promise<void> {
  await app.writeAs({ tenantId, subject: 'bench', timeoutMs: 300_000 }, async tx => {
    const numbers = new Map<string, number>()
    for (let at = 0; at < batch.count; at++) {
      const number = batch.first + at
      numbers.set(await publish(tx, tenantId, number), number)
      // Three tenants are filled by one thread: none is to wait for a whole batch of another.
      await nextTurn()
    }
    const key = { tenant_id: tenantId, model_number: batch.model }
    const pending = await pendingChunks(tx, key, FIRST_CHUNK, batch.count)
    if (pending.length !== batch.count)
      throw new Error(`${pending.length} chunks of ${batch.count} documents`)
    const vectorOf = (versionId: string): Float32Array => batch.vectors.of(numbers.get(versionId) ?? -1)
    await settleChunks(
      tx,
      key,
      pending.map(chunk => ({ ...chunk, vector: vectorOf(chunk.version_id) })),
    )
  })
}

/** The id of the new document's version. */
async function publish(tx: Writer, tenantId: string, number: number): Promise<string> {
  const versionId = uuidv7()
  const { title, content } = documentOf(number)
  const prepared = prepareDocument({ title, content, format: 'text', language: 'english' })
  await publishVersion(tx, tenantId, {
    versionId,
    target: { externalId: String(number) },
    fields: {},
    content: prepared.content,
    stage: stagePrepared(prepared),
  })
  return versionId
}
