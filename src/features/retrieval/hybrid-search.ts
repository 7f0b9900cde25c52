// hybrid_search: words and vectors together, in one exchange with the database.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { documentFilter } from '../documents/list-documents.ts'
import { weigh } from './ranking/weigh.ts'
import { search, type SearchDeps } from './search.ts'
import { SearchAnswer } from './search-answer.ts'
import { explain, limit, query, weight } from './search-input.ts'

export function hybridSearch(deps: SearchDeps) {
  return defineOperation({
    name: 'hybrid_search',
    title: 'Search by words and by likeness',
    description:
      'Finds the passages of your documents that best answer a query, by exact words (BM25) and by likeness of vectors together. ' +
      'Use it first; search_documents looks for words only.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    input: z.strictObject({
      query,
      limit,
      filter: documentFilter.optional(),
      bm25_weight: weight.describe(
        'How much words count against vectors; 0.5 each when both are left out or 0.',
      ),
      vector_weight: weight.describe('How much vectors count; left out beside a bm25_weight it is 0.'),
      explain,
    }),
    output: SearchAnswer,
    run: ({ bm25_weight, vector_weight, ...input }, call) =>
      search(call, deps, {
        ...input,
        operation: 'hybrid_search',
        weights: weigh(bm25_weight, vector_weight),
      }),
  })
}
