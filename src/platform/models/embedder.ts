// What turns texts into vectors, whoever does it. A model's number names its table: app.vector_<number>.

import type { Meter } from './meter.ts'

export interface Embedder {
  readonly model: { readonly number: number; readonly name: string; readonly dimension: number }
  /** A server makes the vectors, which may want to be paid. */
  readonly isRemote?: true
  /** One vector per text, in order; null for a text that holds nothing to embed. Vectors have length 1. */
  embed(texts: readonly string[], signal?: AbortSignal, meter?: Meter): Promise<(Float32Array | null)[]>
}

/** A vector in pgvector's input syntax. Five digits are more than a halfvec keeps (11 bits). */
export function vectorText(vector: Float32Array): string {
  return `[${Array.from(vector, value => Number(value.toPrecision(5))).join(',')}]`
}
