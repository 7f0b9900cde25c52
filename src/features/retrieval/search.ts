// A search from the question to its answer: the cache of answers, the candidates of both branches, their fusion, and
// what is said of each hit. The operations differ in what they ask for, not in how it is found.
import type { z } from 'zod'
import type { ReadCall } from '../../gate/call.ts'
import { conditionsOf, type documentFilter } from '../documents/list-documents.ts'
import { CANDIDATES } from './branches/branch-rows.ts'
import { findCandidates, type Candidates, type FindingDeps, type Wanted } from './find-candidates.ts'
import { readQuery, type ReadQuery } from './query/read-query.ts'
import { answer } from './ranking/answer.ts'
import type { Weights } from './ranking/fuse.ts'
import { highlightHits } from './ranking/highlight-hits.ts'
import { rank, type Order } from './ranking/rank.ts'
import type { FusedRow } from './ranking/fused-row.ts'
import type { TermsOfWords } from './ranking/word-terms.ts'
import type { SearchCache } from './results/search-cache.ts'
import type { SearchAnswer } from './search-answer.ts'
import { question } from './search-input.ts'

export interface SearchDeps extends FindingDeps {
  /** Answers of a moment ago; left out, every search is made. */
  readonly answers?: SearchCache | undefined
  readonly termsOfWords: TermsOfWords
}

export interface Asked {
  /** The operation's name. */
  readonly operation: string
  readonly query: string
  readonly limit: number
  readonly filter?: z.output<typeof documentFilter> | undefined
  /** Whether each hit says in numbers why it is there. */
  readonly explain: boolean
  readonly weights: Weights
}

export async function search(call: ReadCall, deps: SearchDeps, asked: Asked): Promise<SearchAnswer> {
  const { limit, explain, weights } = asked
  const posed = question(asked.query)
  const conditions = conditionsOf(asked.filter)
  // How many passages hold a word is not everybody's to know once documents have readers.
  const withStatistics = explain && call.principal.scopes.has('statistics:read')
  const find = async () => {
    const query = readQuery(posed.query)
    const found = await findRanked(call, deps, { query, weights, conditions, limit, explain })
    const highlights = await highlightHits(call, deps.termsOfWords, { query, hits: found.hits })
    const { tenantId } = call.principal
    return {
      answer: answer({ ...posed, ...found, asked: query, tenantId, explain, withStatistics, highlights }),
      version: found.version,
      isOpen: found.isOpen,
    }
  }
  if (deps.answers === undefined) return (await find()).answer
  const key = {
    ...posed,
    weights,
    limit,
    conditions,
    operation: `${asked.operation}${explain ? '+explained' : ''}${withStatistics ? '+statistics' : ''}`,
    model: weights.vector > 0 ? (await deps.servingModel()).number : null,
  }
  return deps.answers(call, key, find)
}

export interface Ranking extends Candidates, Order<FusedRow> {
  /** Documents that each branch was asked for. */
  readonly depth: number
}

/** Documents of each branch. Where near-duplicates take the places that others should have, it is looked deeper. */
const DEPTHS = [CANDIDATES, CANDIDATES * 10, CANDIDATES * 100] as const

export async function findRanked(
  call: ReadCall,
  deps: SearchDeps,
  {
    limit,
    explain,
    ...wanted
  }: Pick<Wanted, 'weights' | 'conditions'> & { query: ReadQuery; limit: number; explain: boolean },
): Promise<Ranking> {
  for (const depth of DEPTHS) {
    const found = await findCandidates(call, deps, {
      ...wanted,
      candidates: depth,
      exact: limit,
      withTf: explain,
    })
    const ranking = { ...found, ...rank(found, limit), depth }
    const isMore = found.byWords.length === depth || found.byVector.length === depth
    const isFull = ranking.distinct >= limit || ranking.demoted === 0
    if (isFull || !isMore || depth === DEPTHS.at(-1)) return ranking
  }
  throw new Error('the last depth answers')
}
