// The vector of a query, or the reason why the search goes on without one.
import { fault, Fault } from '../../../platform/faults.ts'
import { trace } from '../../../platform/telemetry/trace.ts'
import type { Weights } from '../ranking/fuse.ts'
import { vectorOf, type SearchModel } from './search-model.ts'

export type { SearchModel }

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
  /** Where vectors come from; by default the model is asked for each, and nothing is kept. */
  readonly vectorOf?: (model: SearchModel, query: string) => Promise<Float32Array | null>
}

export async function embedQuery(
  model: SearchModel,
  { query, weights, withinMs, signal, vectorOf: embed = vectorOf }: QueryEmbedding,
): Promise<EmbeddedQuery> {
  if (weights.vector === 0) return { vector: null, weights }
  try {
    const vector = await trace('embed', () => within(embed(model, query), withinMs))
    if (signal.aborted) throw fault('cancelled')
    if (vector === undefined) return byWords('The query could not be embedded in time')
    if (vector === null) return byWords('The query holds nothing to embed')
    return { vector, weights, embeddingModel: model.name }
  } catch (error) {
    if (signal.aborted) throw error
    return byWords(isFull(error) ? 'The budget leaves no room to embed the query' : whyNot(error, model))
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Fault && error.code === 'budget_exceeded'
}

function whyNot(error: unknown, { name }: SearchModel): string {
  const isPriceless = error instanceof Fault && error.reason === 'price_unknown'
  return isPriceless ? `The price of ${name} is unknown` : 'The query could not be embedded'
}

function byWords(why: string): EmbeddedQuery {
  return { vector: null, weights: { bm25: 1, vector: 0 }, degraded: `${why}: ranked by words only.` }
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
