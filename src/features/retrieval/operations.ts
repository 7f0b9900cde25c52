// What callers can ask of search.
import { hybridSearch, type HybridSearchDeps } from './hybrid-search.ts'
import { searchDocuments } from './search-documents.ts'

export type RetrievalDeps = HybridSearchDeps

export function operations(deps: RetrievalDeps) {
  return [hybridSearch(deps), searchDocuments()]
}
