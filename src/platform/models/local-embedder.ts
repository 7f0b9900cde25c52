// The built-in embedder: hashed character n-grams. Deterministic, without download or network, and NOT semantic:
// it finds spellings and word forms near each other, it does not know that a car is an automobile.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fault } from '../faults.ts'
import type { Embedder } from './embedder.ts'

const DIMENSION = 384
const SHORTEST = 3
const LONGEST = 5
/** A batch hands the thread back this often, so that other calls are answered in between. */
const SLICE_MS = 8

/** Changing what it computes means a new model number: stored vectors and query vectors must be of one kind. */
export function localEmbedder(): Embedder {
  return {
    model: { number: 1, name: 'local-ngram-1', dimension: DIMENSION },
    async embed(texts, signal) {
      const vectors: (Float32Array | null)[] = []
      let sliceStart = performance.now()
      for (const text of texts) {
        if (performance.now() - sliceStart > SLICE_MS) {
          await nextTurn()
          if (signal?.aborted) throw fault('cancelled')
          sliceStart = performance.now()
        }
        vectors.push(ngramVector(text))
      }
      return vectors
    },
  }
}

/** The vector of one text: signed sums of its n-grams' sublinear counts, normalised; null without a letter or digit. */
export function ngramVector(text: string): Float32Array | null {
  const vector = new Float64Array(DIMENSION)
  for (const [gram, count] of countNgrams(text)) {
    const hash = hashOf(gram)
    // The lowest bit gives the sign, the rest the place: collisions then cancel out instead of adding up.
    const place = (hash >>> 1) % DIMENSION
    vector[place] = (vector[place] ?? 0) + (hash & 1 ? 1 : -1) * (1 + Math.log(count))
  }
  const norm = Math.hypot(...vector)
  return norm === 0 ? null : Float32Array.from(vector, value => value / norm)
}

/** Word boundaries count as characters, so that 'he' inside a word and 'he' alone differ. */
function countNgrams(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [word] of text
    .normalize('NFKC')
    .toLowerCase()
    .matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const bounded = `<${word}>`
    for (let size = SHORTEST; size <= Math.min(LONGEST, bounded.length); size++) {
      for (let at = 0; at + size <= bounded.length; at++) {
        const gram = bounded.slice(at, at + size)
        counts.set(gram, (counts.get(gram) ?? 0) + 1)
      }
    }
  }
  return counts
}

/** FNV-1a over UTF-16 code units, then murmur3's finaliser, since FNV alone mixes its low bits badly. */
function hashOf(gram: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < gram.length; at++) hash = Math.imul(hash ^ gram.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
