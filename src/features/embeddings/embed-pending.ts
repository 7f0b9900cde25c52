// Embeds what a tenant has pending, for the serving model and one that is being filled: batches across documents, each
// embedded with no transaction open and stored in a short one. After a kill anywhere, what was stored is stored, and the
// rest is pending still.
import type { Reader, Writer } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import type { Embedder } from '../../platform/models/embedder.ts'
import { embedBatch, isAway } from './embed-batch.ts'
import { FIRST_CHUNK, MAX_ATTEMPTS, pendingChunks, settleChunks, type PendingKey } from './pending-chunks.ts'

const BATCH = 32
/** What is left is counted no further than this. */
const COUNTED = 1_000

export interface PendingWork {
  readonly tenantId: string
  /** The doors of the tenant. */
  read<T>(fn: (tx: Reader) => Promise<T>): Promise<T>
  write<T>(fn: (tx: Writer) => Promise<T>): Promise<T>
  readonly open: (model: Embedder['model']) => Embedder
  /** Where the work stops although more is pending; never, by default. */
  readonly maxBatches?: number
  readonly maxMs?: number
  readonly signal?: AbortSignal
}

export interface EmbeddedPending {
  /** Vectors stored. */
  readonly embedded: number
  /** Texts that an embedder answered with something that is no embedding. */
  readonly failed: number
  /** Chunks that could be embedded now and are not, of all models; 1,000 also stands for more. */
  readonly left: number
  /** Models that answered. */
  readonly reached: readonly string[]
  /** Models whose embedder could not be asked, and why. */
  readonly away: readonly { readonly model: string; readonly error: unknown }[]
}

export async function embedPending(work: PendingWork): Promise<EmbeddedPending> {
  const { models, ...done } = await embedBatches(work)
  let left = 0
  for (const model of models) left += await work.read(tx => countPending(tx, keyOf(work, model)))
  return { ...done, left }
}

/** The same for whoever counts by himself what is left. */
export async function embedBatches(
  work: PendingWork,
): Promise<Omit<EmbeddedPending, 'left'> & { readonly models: readonly Embedder['model'][] }> {
  const { tenantId, maxBatches = Number.POSITIVE_INFINITY, maxMs = Number.POSITIVE_INFINITY } = work
  const ends = performance.now() + maxMs
  const total = { embedded: 0, failed: 0 }
  const reached = new Set<string>()
  const away: EmbeddedPending['away'][number][] = []
  let batches = 0
  const models = await work.read(tx => modelsToEmbed(tx, tenantId))
  for (const model of models) {
    try {
      for (let after: string | undefined = FIRST_CHUNK; after !== undefined; ) {
        if (batches++ >= maxBatches || performance.now() > ends || work.signal?.aborted) break
        const done = await embedNext(work, model, after)
        total.embedded += done.embedded
        total.failed += done.failed
        if (done.embedded + done.failed > 0) reached.add(model.name)
        after = done.last
      }
    } catch (error) {
      if (work.signal?.aborted || !isAway(error)) throw error
      away.push({ model: model.name, error })
    }
  }
  return { ...total, reached: [...reached], away, models }
}

/** One batch; `last` is undefined when it was the last. */
async function embedNext(
  work: PendingWork,
  model: Embedder['model'],
  after: string,
): Promise<{ embedded: number; failed: number; last: string | undefined }> {
  const key = keyOf(work, model)
  const chunks = await work.read(tx => pendingChunks(tx, key, after, BATCH))
  if (chunks.length === 0) return { embedded: 0, failed: 0, last: undefined }
  const settled = await embedBatch(work.open(model), chunks, work.signal)
  const embedded = await work.write(tx => settleChunks(tx, key, settled))
  const failed = settled.filter(chunk => 'failed' in chunk).length
  return { embedded, failed, last: chunks.length < BATCH ? undefined : chunks.at(-1)?.chunk_id }
}

/** The models that want vectors, the serving one first. One that is being filled has to have the tenant's partition. */
export function modelsToEmbed(tx: Reader, tenantId: string): Promise<Embedder['model'][]> {
  const partition = tenantId.replaceAll('-', '')
  return tx.all(sql<Embedder['model']>`
    select m.number, m.name, m.dimension from app.embedding_model m
    where m.state = 'serving' or m.state = 'filling' and exists (
      select from pg_inherits i
      where i.inhrelid = to_regclass(format('app.vector_%s_%s', m.number, ${partition}::text)))
    order by m.state desc, m.number`)
}

/** How many chunks could be embedded now. */
export async function countPending(tx: Reader, { tenant_id, model_number }: PendingKey): Promise<number> {
  const row = await tx.first(sql<{ pending: number }>`
    select count(*)::int as pending from (
      select from app.pending_embedding p
      where p.tenant_id = ${tenant_id} and p.model_number = ${model_number} and p.attempts < ${MAX_ATTEMPTS}
        and p.version_id not in (select h.version_id from app.hidden_version h where h.tenant_id = ${tenant_id})
      limit ${COUNTED}) p`)
  return row?.pending ?? 0
}

function keyOf({ tenantId }: PendingWork, { number }: Embedder['model']): PendingKey {
  return { tenant_id: tenantId, model_number: number }
}
