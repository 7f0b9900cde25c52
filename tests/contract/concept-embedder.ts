// An embedder for tests that knows what words mean: each concept of a list is a direction of its own. The built-in
// `local` model is NOT semantic (it compares spellings), so what needs meaning is shown with this one. Like small models
// it cannot tell numbers and names apart: it has no concept for them.
import type { Embedder } from '../../src/platform/models/embedder.ts'
import { localEmbedder } from '../../src/platform/models/local-embedder.ts'

/** In the place of the built-in model. Up to 200 concepts, each with the words that mean it. */
export function conceptEmbedder(concepts: Readonly<Record<string, RegExp>>): Embedder {
  const { model } = localEmbedder()
  const patterns = Object.values(concepts).map(({ source }) => new RegExp(source, 'gi'))
  const vectorOf = (text: string): Float32Array => {
    const vector = new Float32Array(model.dimension)
    patterns.forEach((pattern, at) => {
      vector[at] = text.match(pattern)?.length ?? 0
    })
    const length = Math.hypot(...vector)
    // A text about none of the concepts is like no other.
    if (length === 0) vector[200 + (hash(text) % (model.dimension - 200))] = 1
    return length === 0 ? vector : vector.map(value => value / length)
  }
  return { model, embed: texts => Promise.resolve(texts.map(vectorOf)) }
}

function hash(text: string): number {
  let sum = 0
  for (const letter of text) sum = (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0
  return sum
}
