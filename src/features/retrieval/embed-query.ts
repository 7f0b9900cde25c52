// The vector of a query, or the reason why the search goes on without one.
import type { Embedder } from '../../platform/models/embedder.ts'
import { trace } from '../../platform/telemetry/trace.ts'
import type { Weights } from './fuse.ts'

export interface EmbeddedQuery {
  /** Null when vectors were not asked for, or cannot be had. */
  readonly vector: Float32Array | null
  /** As they apply: all to words where the vector is missing. */
  readonly weights: Weights
  readonly embeddingModel?: string
  readonly degraded?: string
}

const WORDS_ONLY: Weights = { bm25: 1, vector: 0 }

export async function embedQuery(
  embedder: Embedder,
  query: string,
  weights: Weights,
  signal: AbortSignal,
): Promise<EmbeddedQuery> {
  if (weights.vector === 0) return { vector: null, weights }
  try {
    const [vector = null] = await trace('embed', () => embedder.embed([query], signal))
    if (vector !== null) return { vector, weights, embeddingModel: embedder.model.name }
    return {
      vector: null,
      weights: WORDS_ONLY,
      degraded: 'The query holds nothing to embed: ranked by words only.',
    }
  } catch (error) {
    if (signal.aborted) throw error
    return {
      vector: null,
      weights: WORDS_ONLY,
      degraded: 'The query could not be embedded: ranked by words only.',
    }
  }
}
