// What callers can ask of search.
import { corpusSizes } from './corpus-sizes.ts'
import { explainSearch } from './explain-search.ts'
import { hybridSearch } from './hybrid-search.ts'
import { rankDocuments } from './rank-documents.ts'
import { wordTerms } from './ranking/word-terms.ts'
import { searchDocuments } from './search-documents.ts'
import type { SearchDeps } from './search.ts'

export type RetrievalDeps = Omit<SearchDeps, 'sizes' | 'termsOfWords'>

export function operations(given: RetrievalDeps) {
  const deps = { ...given, sizes: corpusSizes(), ...wordTerms() }
  return [hybridSearch(deps), searchDocuments(deps), rankDocuments(deps), explainSearch(deps)]
}
