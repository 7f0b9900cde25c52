// A search as the address says it, as the server is asked.
import type { Input } from '../../../api/call.ts'
import { weightsOf } from '../ranking/rerank.ts'
import { filterOf, type SearchParams } from '../search-params.ts'

export const DEFAULT_WORDS = 50
export const DEFAULT_LIMIT = 10

export function questionOf(params: SearchParams) {
  const { q: query = '', words = DEFAULT_WORDS, n: limit = DEFAULT_LIMIT } = params
  const { bm25, vector } = weightsOf(words)
  const filter = filterOf(params)
  return {
    query,
    limit,
    bm25_weight: bm25,
    vector_weight: vector,
    ...(filter && { filter }),
  } satisfies Input<'hybrid_search'>
}
