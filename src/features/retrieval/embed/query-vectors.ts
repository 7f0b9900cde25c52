// Vectors of queries, made once. What is under way or kept is a tenant's own, down to the key: that another tenant has
// asked the same makes no difference that could be timed.
import { createHash } from 'node:crypto'
import { forgiving, type Cache } from '../../../platform/cache/cache.ts'
import { singleFlight } from '../../../platform/cache/single-flight.ts'
import { vectorOf, type SearchModel } from './search-model.ts'

/** A query's vector; null when it holds nothing to embed. Not to be changed: others may have the same one. */
export type QueryVectors = (
  tenantId: string,
  model: SearchModel,
  query: string,
) => Promise<Float32Array | null>

const KEPT_MS = 600_000

/**
 * The call to the model is nobody's: whoever stops waiting for it, it runs on and is kept for the next search. A failure
 * is shared by those who wait and not kept: calls that keep failing are stopped by the breaker before the model's server,
 * and an outage that is over should be over for searches too.
 */
export function queryVectors({ cache }: { readonly cache: Cache }): QueryVectors {
  const kept = forgiving(cache)
  const once = singleFlight<Float32Array | null>()
  return (tenantId, model, query) => {
    const text = folded(query)
    const key = keyOf(tenantId, model, text)
    return once(key, async () => {
      const known = await kept.get(tenantId, key)
      const vector = known === undefined ? undefined : fromBytes(known, model.dimension)
      if (vector !== undefined) return vector
      const made = await vectorOf(model, text)
      void kept.set(tenantId, key, toBytes(made), KEPT_MS)
      return made
    })
  }
}

/** As it is sent: what folds to the same text is the same query. Case stays, models tell by it. */
function folded(query: string): string {
  return query.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
}

function keyOf(tenantId: string, { number, name }: SearchModel, text: string): string {
  return createHash('sha256')
    .update(JSON.stringify(['query_vector', tenantId, number, name, text]))
    .digest('base64url')
}

/** Its numbers, four bytes each; no bytes for "nothing to embed". */
function toBytes(vector: Float32Array | null): Uint8Array {
  return new Uint8Array(new Float32Array(vector ?? []).buffer)
}

/** Undefined for bytes that are no such vector. */
function fromBytes(bytes: Uint8Array, dimension: number): Float32Array | null | undefined {
  if (bytes.byteLength === 0) return null
  if (bytes.byteLength !== dimension * Float32Array.BYTES_PER_ELEMENT) return undefined
  return new Float32Array(bytes.slice().buffer)
}
