// search_documents: words only, in one exchange with the database.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { documentFilter } from '../documents/list-documents.ts'
import { search, type SearchDeps } from './search.ts'
import { SearchAnswer } from './search-answer.ts'
import { explain, limit, query } from './search-input.ts'

export function searchDocuments(deps: SearchDeps) {
  return defineOperation({
    name: 'search_documents',
    title: 'Search by words',
    description:
      'Finds the passages of your documents that hold the words of a query, best first (BM25). ' +
      'Use it for names, numbers and exact terms; hybrid_search also finds what is said in other words.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    input: z.strictObject({ query, limit, filter: documentFilter.optional(), explain }),
    output: SearchAnswer,
    run: (input, call) =>
      search(call, deps, { ...input, operation: 'search_documents', weights: { bm25: 1, vector: 0 } }),
  })
}
