// What agents do with documents.
import type { Operation } from '../../gate/operation.ts'
import type { hybridSearch } from '../retrieval/hybrid-search.ts'
import { ask, type AskDeps } from './ask/ask.ts'

export interface AgentsDeps extends Omit<AskDeps, 'search'> {
  /** The operations of search. */
  readonly searches: readonly Operation[]
}

export function operations({ searches, ...deps }: AgentsDeps) {
  return [ask({ ...deps, search: searchBy(searches) })]
}

/** hybrid_search within another call: the caller's documents, the caller's budget. */
function searchBy(searches: readonly Operation[]): AskDeps['search'] {
  const operation = searches.find(({ name }) => name === 'hybrid_search')
  if (operation === undefined) throw new Error('search has no hybrid_search')
  const run = operation.run as ReturnType<typeof hybridSearch>['run']
  return (call, query, limit) => run({ query, limit, explain: false }, call)
}
