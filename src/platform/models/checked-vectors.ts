// The one way a model's numbers get in: all of an answer is as it must be, or none of it is used. A wrong dimension
// or a NaN that got stored would spoil every later comparison, silently.
import { fault, type Fault } from '../faults.ts'

/** Beyond these a vector's length is no model's work, and dividing by it would leave nothing but rounding. */
const SHORTEST = 1e-6
const LONGEST = 1e6

/**
 * Vectors of length 1, from what a model answered for `count` texts. Fault `unavailable` with the reason
 * `bad_embedding` when anything is wrong; it says what, and quotes nothing.
 */
export function checkedVectors(
  answer: unknown,
  { count, dimension }: { readonly count: number; readonly dimension: number },
): Float32Array[] {
  if (!Array.isArray(answer)) throw badEmbedding('the answer is not a list of vectors')
  if (answer.length !== count) throw badEmbedding(`${answer.length} vectors came for ${count} texts`)
  return Array.from(answer, vector => unit(vector, dimension))
}

export function badEmbedding(what: string): Fault {
  return fault('unavailable', {
    reason: 'bad_embedding',
    say: `The embedding model's answer cannot be used: ${what}.`,
  })
}

function unit(vector: unknown, dimension: number): Float32Array {
  if (!Array.isArray(vector)) throw badEmbedding('a vector is not a list of numbers')
  if (vector.length !== dimension)
    throw badEmbedding(`a vector has ${vector.length} numbers, the model has ${dimension}`)
  let squares = 0
  for (const value of vector as unknown[]) {
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw badEmbedding('a vector holds something else than numbers')
    squares += value * value
  }
  const length = Math.sqrt(squares)
  if (length === 0) throw badEmbedding('a vector is all zero')
  if (length < SHORTEST || length > LONGEST) throw badEmbedding('the size of a vector is out of all measure')
  return Float32Array.from(vector as number[], value => value / length)
}
