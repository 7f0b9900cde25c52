// The vector of a query, or the reason why the search goes on without one.
import { fault } from '../../../platform/faults.ts'
import type { Embedder } from '../../../platform/models/embedder.ts'
import { trace } from '../../../platform/telemetry/trace.ts'
import type { Weights } from '../ranking/fuse.ts'

/** The model that answers searches: its embedder and its number, which names its table, stay together. */
export interface SearchModel {
  readonly number: number
  readonly name: string
  readonly dimension: number
  readonly embedder: Embedder
}

export interface EmbeddedQuery {
  /** Null when vectors were not asked for, or cannot be had. */
  readonly vector: Float32Array | null
  /** As they apply: all to words where the vector is missing. */
  readonly weights: Weights
  readonly embeddingModel?: string
  readonly degraded?: string
}

export interface QueryEmbedding {
  readonly query: string
  readonly weights: Weights
  /** What a search waits for a vector at most; the call runs on, but nobody waits for it. */
  readonly withinMs: number
  readonly signal: AbortSignal
}

export async function embedQuery(
  model: SearchModel,
  { query, weights, withinMs, signal }: QueryEmbedding,
): Promise<EmbeddedQuery> {
  if (weights.vector === 0) return { vector: null, weights }
  try {
    const vectors = await trace('embed', () => within(model.embedder.embed([query]), withinMs))
    if (signal.aborted) throw fault('cancelled')
    if (vectors === undefined) return byWords('The query could not be embedded in time')
    const [vector] = vectors
    if (vector === null) return byWords('The query holds nothing to embed')
    if (vector === undefined || !isSound(vector, model.dimension))
      return byWords('The query could not be embedded')
    return { vector, weights, embeddingModel: model.name }
  } catch (error) {
    if (signal.aborted) throw error
    return byWords('The query could not be embedded')
  }
}

function byWords(why: string): EmbeddedQuery {
  return { vector: null, weights: { bm25: 1, vector: 0 }, degraded: `${why}: ranked by words only.` }
}

/** Compared with the table, a vector of another kind would fail the search, or rank at random. */
function isSound(vector: Float32Array, dimension: number): boolean {
  return vector.length === dimension && vector.every(Number.isFinite)
}

/** What `running` resolves to, or undefined when it takes longer. */
async function within<T>(running: Promise<T>, ms: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(late.resolve, ms, undefined)
  running.catch(() => undefined)
  try {
    return await Promise.race([running, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
