// A search as the address asks for it: the server's answer, and until it comes what is known already. An answer belongs
// to its question: one that comes late is kept under its own, and never shown as another's.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { operationQuery } from '../../../api/operation-query.ts'
import type { SearchAnswer, SearchHit } from '../hits/search-hit.ts'
import { type Branches, BY_LIKENESS, BY_WORDS, CANDIDATES, rerank, weightsOf } from '../ranking/rerank.ts'
import type { SearchParams } from '../search-params.ts'
import { questionOf } from './question.ts'

/** The hand has let go of the slider, or of the arrow keys. */
const REST_MS = 250
/** The branches of a question do not change while somebody moves its slider. */
const FRESH_MS = 60_000

export interface Searching {
  readonly answer: SearchAnswer | undefined
  /** Ranked by the page until the server has answered. */
  readonly hits: readonly SearchHit[]
  readonly branches: Branches | undefined
  /** What the branches could not say; then nothing is ranked by the page. */
  readonly branchesProblem: unknown
  readonly problem: unknown
  /** Whether an answer is on its way. */
  readonly isBusy: boolean
  /** Whether the hits are still those of the question before. */
  readonly isOld: boolean
  readonly retry: () => void
}

/** `words`: as the slider stands; `wantsBranches`: somebody reaches for it, or compares. */
export function useSearch(params: SearchParams, words: number, wantsBranches: boolean): Searching {
  const restedWords = useRested(words, REST_MS)
  const { query, limit, ...question } = { ...questionOf({ ...params, words: restedWords }), explain: true }
  const isAsked = query !== ''
  const search = useQuery({
    ...operationQuery('hybrid_search', { query, limit, ...question }),
    enabled: isAsked,
    placeholderData: keepPreviousData,
  })
  // A question that fails leaves the answer before it in its place, said to be old.
  const [last, setLast] = useState<SearchAnswer>()
  if (search.data !== undefined && search.data !== last) setLast(search.data)
  const answer = search.data ?? (search.isError ? last : undefined)
  const branch = { enabled: isAsked && wantsBranches, staleTime: FRESH_MS }
  const all = { ...question, query, limit: CANDIDATES }
  const byWords = useQuery({ ...operationQuery('hybrid_search', { ...all, ...BY_WORDS }), ...branch })
  const byLikeness = useQuery({ ...operationQuery('hybrid_search', { ...all, ...BY_LIKENESS }), ...branch })
  const branches = branchesOf(byWords.data, byLikeness.data)
  const isRanked = branches !== undefined && !isOf(search.data, query, words)
  const retry = () => {
    for (const one of [search, byWords, byLikeness]) if (one.isError) void one.refetch()
  }
  return {
    answer: isAsked ? answer : undefined,
    hits: isRanked ? rerank(branches, words, limit) : (answer?.hits ?? []),
    branches,
    branchesProblem: byWords.error ?? byLikeness.error ?? undefined,
    problem: search.error ?? undefined,
    isBusy: search.isFetching,
    isOld: (search.isPlaceholderData || search.isError) && !isRanked,
    retry,
  }
}

/** Both branches, where both took part. */
function branchesOf(
  words: SearchAnswer | undefined,
  likeness: SearchAnswer | undefined,
): Branches | undefined {
  if (words === undefined || likeness === undefined) return undefined
  if (words.degraded !== undefined || likeness.degraded !== undefined) return undefined
  return { words: words.hits, likeness: likeness.hits }
}

function isOf(answer: SearchAnswer | undefined, query: string, words: number): boolean {
  const { bm25 } = weightsOf(words)
  return answer?.query === query && Math.abs(answer.weights.bm25 - bm25) < 1e-9
}

function useRested<Value>(value: Value, restMs: number): Value {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    if (value === rested) return
    const timer = setTimeout(setRested, restMs, value)
    return () => clearTimeout(timer)
  }, [value, rested, restMs])
  return rested
}
