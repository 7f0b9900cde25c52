// The pending rows of a tenant: which chunks come next, and what becomes of them. A vector is stored only for a row that
// the same statement deletes: whoever removes a version deletes its pending rows before its vectors, so that a vector
// that arrives late finds no row and is dropped.
import type { Reader, Writer } from '../../platform/db/database.ts'
import { sql, sqlFile } from '../../platform/db/statements.ts'
import { vectorText } from '../../platform/models/embedder.ts'
import { vectorTable } from '../../platform/models/vector-table.ts'

/** Texts that were answered with no embedding so often are left alone, and counted as failed. */
export const MAX_ATTEMPTS = 5
export const FIRST_CHUNK = '00000000-0000-0000-0000-000000000000'

/** A model in a tenant. */
export type PendingKey = { readonly tenant_id: string; readonly model_number: number }

export interface PendingChunk {
  readonly chunk_id: string
  readonly version_id: string
  /** Null when the chunk is gone. */
  readonly text: string | null
}

/** What came of a chunk: its vector, nothing to embed (null), or why there is none. */
export type EmbeddedChunk = PendingChunk &
  ({ readonly vector: Float32Array | null } | { readonly failed: string })

type Picking = PendingKey & { attempts: number; after: string; limit: number }
const pickPending = sqlFile<Picking, PendingChunk>(import.meta.url, './pending-chunks.sql')

export function pendingChunks(
  tx: Reader,
  key: PendingKey,
  after: string,
  limit: number,
): Promise<PendingChunk[]> {
  return tx.all(pickPending({ ...key, attempts: MAX_ATTEMPTS, after, limit }))
}

/** Clears the rows away and stores their vectors; counts the failed ones. Returns how many vectors are new. */
export async function settleChunks(
  tx: Writer,
  key: PendingKey,
  chunks: readonly EmbeddedChunk[],
): Promise<number> {
  for (const chunk of chunks) if ('failed' in chunk) await countAttempt(tx, key, chunk)
  const settled = chunks.flatMap(chunk => ('failed' in chunk ? [] : [chunk]))
  const ids = settled.map(({ chunk_id }) => chunk_id)
  const vectors = settled.map(({ vector }) => (vector === null ? null : vectorText(vector)))
  return tx.run(sql`
    with due as (
      delete from app.pending_embedding p
      using unnest(${ids}::uuid[], ${vectors}::text[]) as g (chunk_id, vector)
      where p.tenant_id = ${key.tenant_id} and p.model_number = ${key.model_number} and p.chunk_id = g.chunk_id
      returning p.chunk_id, p.version_id, g.vector
    )
    insert into ${sql.raw(vectorTable(key.model_number))} (tenant_id, chunk_id, version_id, embedding)
    select ${key.tenant_id}, d.chunk_id, d.version_id, d.vector::halfvec
    from due d join app.chunk c on c.tenant_id = ${key.tenant_id} and c.id = d.chunk_id where d.vector is not null
    on conflict do nothing`)
}

/**
 * Says why a tenant's chunks wait, at the first of them: it is the first to be embedded, and what is said goes with it.
 * No attempt is counted.
 */
export async function noteWaiting(tx: Writer, key: PendingKey, reason: string): Promise<void> {
  await tx.run(sql`
    update app.pending_embedding set reason = ${reason}
    where tenant_id = ${key.tenant_id} and model_number = ${key.model_number} and chunk_id = (
      select p.chunk_id from app.pending_embedding p
      where p.tenant_id = ${key.tenant_id} and p.model_number = ${key.model_number} and p.attempts < ${MAX_ATTEMPTS}
      order by p.chunk_id limit 1)`)
}

async function countAttempt(
  tx: Writer,
  { tenant_id, model_number }: PendingKey,
  { chunk_id, failed }: PendingChunk & { readonly failed: string },
): Promise<void> {
  await tx.run(sql`
    update app.pending_embedding set attempts = attempts + 1, reason = ${failed.slice(0, 200)}
    where tenant_id = ${tenant_id} and model_number = ${model_number} and chunk_id = ${chunk_id}`)
}
