// How much each branch counts in a search.
import type { Weights } from './fuse.ts'

/** Weights with sum 1. One that is left out counts as 0; with none above 0 both branches count alike. */
export function weigh(bm25 = 0, vector = 0): Weights {
  const sum = bm25 + vector
  return sum === 0 ? { bm25: 0.5, vector: 0.5 } : { bm25: bm25 / sum, vector: vector / sum }
}
