// The model that answers searches, and the vector it makes of a query.
import { fault } from '../../../platform/faults.ts'
import type { Embedder } from '../../../platform/models/embedder.ts'

/** Its embedder and its number, which names its table, stay together. */
export interface SearchModel {
  readonly number: number
  readonly name: string
  readonly dimension: number
  readonly embedder: Embedder
}

/** Null when the query holds nothing to embed. Rejects when the model fails, or answers with something else. */
export async function vectorOf(model: SearchModel, query: string): Promise<Float32Array | null> {
  const [vector] = await model.embedder.embed([query])
  if (vector === null) return null
  if (vector === undefined || !isSound(vector, model.dimension))
    throw fault('unavailable', { reason: 'bad_embedding', detail: 'a query vector of another kind' })
  return vector
}

/** Compared with the table, a vector of another kind would fail the search, or rank at random. */
function isSound(vector: Float32Array, dimension: number): boolean {
  return vector.length === dimension && vector.every(Number.isFinite)
}
