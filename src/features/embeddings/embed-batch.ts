// One batch of texts through an embedder: vectors that can be stored, or which text it was that cannot be embedded.
import { fault, Fault, type FaultCode } from '../../platform/faults.ts'
import type { Embedder } from '../../platform/models/embedder.ts'
import { moneyReason } from './paid/money-reason.ts'
import type { EmbeddedChunk, PendingChunk } from './pending-chunks.ts'

/** Failures that say nothing of the text: whoever embeds is not there, or has no time. */
const AWAY: readonly FaultCode[] = ['unavailable', 'timeout', 'rate_limited', 'cancelled']

/** Whether the embedder could not be asked at all, or not be paid; its texts keep waiting, uncounted. */
export function isAway(error: unknown): boolean {
  if (moneyReason(error) !== undefined) return true
  return error instanceof Fault && AWAY.includes(error.code) && error.reason !== 'bad_embedding'
}

/**
 * What became of each chunk, in order. A batch that fails for its texts is asked for again text by text, so that one of
 * them does not hold the others up. Throws when the embedder is away.
 */
export async function embedBatch(
  embedder: Embedder,
  chunks: readonly PendingChunk[],
  signal?: AbortSignal,
): Promise<EmbeddedChunk[]> {
  try {
    return await embedAll(embedder, chunks, signal)
  } catch (error) {
    if (signal?.aborted) throw error
    if (isAway(error) && !(isRefusal(error) && (await answers(embedder, signal)))) throw error
    if (chunks.length === 1) return chunks.map(chunk => ({ ...chunk, failed: reasonOf(error) }))
    const each: EmbeddedChunk[] = []
    for (const chunk of chunks) each.push(...(await embedBatch(embedder, [chunk], signal)))
    return each
  }
}

/** A server that is down and one that chokes on a text fail alike; another text tells which it is. */
function isRefusal(error: unknown): boolean {
  return error instanceof Fault && error.reason === 'provider_failed'
}

async function answers(embedder: Embedder, signal?: AbortSignal): Promise<boolean> {
  try {
    return (await embedder.embed(['passage'], signal)).length === 1
  } catch {
    return false
  }
}

async function embedAll(
  embedder: Embedder,
  chunks: readonly PendingChunk[],
  signal?: AbortSignal,
): Promise<EmbeddedChunk[]> {
  const there = chunks.filter(({ text }) => text !== null)
  const vectors =
    there.length === 0
      ? []
      : await embedder.embed(
          there.map(({ text }) => text ?? ''),
          signal,
        )
  if (vectors.length !== there.length) throw bad(`${vectors.length} vectors for ${there.length} texts`)
  const { dimension } = embedder.model
  if (!vectors.every(vector => vector === null || isSound(vector, dimension)))
    throw bad('a vector is not of the dimension, or holds something else than numbers')
  const found = new Map(there.map(({ chunk_id }, at) => [chunk_id, vectors[at] ?? null]))
  return chunks.map(chunk => ({ ...chunk, vector: found.get(chunk.chunk_id) ?? null }))
}

/** A vector that spoils no comparison: all finite, of the model's dimension, and not zero. */
export function isSound(vector: Float32Array, dimension: number): boolean {
  return vector.length === dimension && vector.every(Number.isFinite) && vector.some(value => value !== 0)
}

function bad(what: string): Fault {
  return fault('unavailable', { reason: 'bad_embedding', detail: what })
}

/** A word for the table; never a message, which may quote the text. */
function reasonOf(error: unknown): string {
  return error instanceof Fault ? (error.reason ?? error.code) : 'internal'
}
