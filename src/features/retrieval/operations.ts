// What callers can ask of search.
import { hybridSearch, type HybridSearchDeps } from './hybrid-search.ts'
import { searchDocuments } from './search-documents.ts'

export function operations(deps: HybridSearchDeps) {
  return [hybridSearch(deps), searchDocuments()]
}
