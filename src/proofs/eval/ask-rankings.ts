// Asks a tenant for the rankings of all queries of a set.
import type { Ranking } from '../../features/retrieval/rank-documents.ts'
import { fault } from '../../platform/faults.ts'
import type { Ground, Progress } from './ground/ground.ts'
import type { EvalSet } from './set/read-set.ts'

/** Recall is looked at to this depth. */
const DEPTH = 100
/** Few enough that a call stays short where a query takes seconds. */
const QUERIES_AT_ONCE = 8

export interface Rankings {
  /** In the order of the set's queries. */
  readonly rankings: readonly Ranking[]
  /** Undefined when no query has a vector. */
  readonly embeddingModel: string | undefined
}

export async function askRankings(
  { ask }: Ground,
  { queries }: EvalSet,
  progress: Progress,
  signal: AbortSignal,
): Promise<Rankings> {
  const rankings: Ranking[] = []
  let embeddingModel: string | undefined
  for (let at = 0; at < queries.length; at += QUERIES_AT_ONCE) {
    if (signal.aborted) throw fault('cancelled')
    const texts = queries.slice(at, at + QUERIES_AT_ONCE).map(({ text }) => text)
    const answer = await ask('rank_documents', { queries: texts, depth: DEPTH }, signal)
    rankings.push(...(answer['rankings'] as Ranking[]))
    embeddingModel ??= answer['embedding_model'] as string | undefined
    progress('queries', rankings.length, queries.length)
  }
  return { rankings, embeddingModel }
}
