// Vectors as an embedding model would give them: all texts a little alike, those of a field more, those of a topic more
// still, the rest each text's own. Made anew from the document's number wherever they are needed.
import { seeded } from '../../ingest/generated-text.ts'
import { topicOf, TOPICS } from './corpus.ts'

/** Shares of a vector's squared length. In such a set the cosine of two texts lies between 0.2 and 0.7. */
const SHARES = { all: 0.2, field: 0.2, topic: 0.3, own: 0.3 }
const FIELDS = 20
/** How much of a query's vector is none of the document's it was taken from. */
const QUERY_NOISE = 0.25

export interface PlantedVectors {
  readonly dimension: number
  /** Of the document with this number; of length 1. */
  of(document: number): Float32Array
  /** Of the `at`-th question about a document. */
  ofQuery(document: number, at: number): Float32Array
}

export function plantedVectors(dimension: number): PlantedVectors {
  const all = direction(dimension, 1)
  const fields = Array.from({ length: FIELDS }, (_, at) => direction(dimension, 100 + at))
  const topics = Array.from({ length: TOPICS }, (_, at) => direction(dimension, 1_000 + at))
  const of = (document: number): Float32Array => {
    const topic = topicOf(document)
    const parts: [Float32Array | undefined, number][] = [
      [all, SHARES.all],
      [fields[topic % FIELDS], SHARES.field],
      [topics[topic], SHARES.topic],
      [direction(dimension, 10_000 + document), SHARES.own],
    ]
    return summed(dimension, parts)
  }
  return {
    dimension,
    of,
    ofQuery: (document, at) =>
      summed(dimension, [
        [of(document), 1 - QUERY_NOISE],
        [direction(dimension, 50_000_000 + at), QUERY_NOISE],
      ]),
  }
}

/** A random vector of length 1. */
function direction(dimension: number, seed: number): Float32Array {
  const random = seeded(Math.imul(seed, 0x9e_37_79_b1))
  return normalised(Float32Array.from({ length: dimension }, () => random() - 0.5))
}

function summed(dimension: number, parts: readonly [Float32Array | undefined, number][]): Float32Array {
  const sum = new Float32Array(dimension)
  for (const [part, share] of parts) {
    const factor = Math.sqrt(share)
    for (let at = 0; at < dimension; at++) sum[at] = (sum[at] ?? 0) + factor * (part?.[at] ?? 0)
  }
  return normalised(sum)
}

function normalised(vector: Float32Array): Float32Array {
  let square = 0
  for (const value of vector) square += value * value
  const length = Math.sqrt(square)
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) / length
  return vector
}
