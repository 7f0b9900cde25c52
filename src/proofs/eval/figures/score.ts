// From the rankings of both branches to the figures: each branch alone, both fused as a search fuses them, and every
// weight between.
import { CANDIDATES } from '../../../features/retrieval/branches/branch-rows.ts'
import type { Ranking } from '../../../features/retrieval/rank-documents.ts'
import { fuse } from '../../../features/retrieval/ranking/fuse.ts'
import { weigh } from '../../../features/retrieval/ranking/weigh.ts'
import type { EvalSet, SetQuery } from '../set/read-set.ts'
import { mean, measure, percentile, type Grades, type Measures } from './measures.ts'

export const MODES = ['words', 'vectors', 'hybrid'] as const
export type Mode = (typeof MODES)[number]

/** How much words count: in the rows of the modes, and in the sweep. */
const WORD_WEIGHT: Record<Mode, number> = { words: 1, vectors: 0, hybrid: 0.5 }
const SWEEP = Array.from({ length: 11 }, (_, tenth) => tenth / 10)

export interface ModeFigures extends Measures {
  /** Queries that found nothing; they count 0. */
  readonly queriesWithoutHits: number
}

export interface QueryFigures {
  readonly query: SetQuery
  readonly milliseconds: number
  readonly relevant: number
  readonly modes: Readonly<Record<Mode, Measures & { readonly hits: number }>>
}

export interface Figures {
  readonly modes: Readonly<Record<Mode, ModeFigures>>
  readonly sweep: readonly { readonly wordWeight: number; readonly ndcg: number }[]
  readonly best: { readonly wordWeight: number; readonly ndcg: number }
  /** Milliseconds a query, measured in the server: its vector and both rankings. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number }
  /** Queries that have no vector. */
  readonly degraded: number
  readonly queries: readonly QueryFigures[]
}

/** The rankings stand in the order of the set's queries. */
export function score(set: EvalSet, rankings: readonly Ranking[]): Figures {
  const judged = set.queries.map((query, at) => {
    const ranking = rankings[at]
    const grades = set.judgements.get(query.id)
    if (ranking === undefined || grades === undefined) throw new Error(`no ranking of query ${query.id}`)
    return { query, ranking, grades: byRankedDocument(grades, ranking) }
  })
  const queries = judged.map(({ query, ranking, grades }) => ({
    query,
    milliseconds: ranking.milliseconds,
    relevant: [...grades.values()].filter(grade => grade > 0).length,
    modes: record(mode => measured(grades, ranking, WORD_WEIGHT[mode])),
  }))
  const sweep = SWEEP.map(wordWeight => ({
    wordWeight,
    ndcg: mean(judged.map(({ ranking, grades }) => measured(grades, ranking, wordWeight).ndcg)),
  }))
  const times = queries.map(({ milliseconds }) => milliseconds)
  return {
    modes: record(mode => summed(queries.map(({ modes }) => modes[mode]))),
    sweep,
    best: sweep.reduce((one, other) => (other.ndcg > one.ndcg ? other : one)),
    latency: { p50: percentile(times, 0.5), p95: percentile(times, 0.95), p99: percentile(times, 0.99) },
    degraded: rankings.filter(({ degraded }) => degraded !== undefined).length,
    queries,
  }
}

/** A judgement names a document by its external_id or by its own id; a ranking knows it by its own. */
function byRankedDocument(grades: Grades, { words, vectors }: Ranking): Grades {
  const byDocument = new Map(grades)
  for (const { document_id: own, external_id: external } of [...words, ...vectors]) {
    const grade = external === null ? undefined : grades.get(external)
    if (grade === undefined || external === null) continue
    byDocument.delete(external)
    byDocument.set(own, grade)
  }
  return byDocument
}

/**
 * The first ten are those that a search answers, which fuses CANDIDATES of each branch; for recall, which looks at a
 * hundred, all that the branches found is fused.
 */
function measured(grades: Grades, ranking: Ranking, wordWeight: number) {
  const deep = order(ranking, wordWeight, Number.POSITIVE_INFINITY)
  const top = order(ranking, wordWeight, CANDIDATES)
  return { ...measure(grades, top, deep), hits: deep.length }
}

/** As a search does: a branch without weight is not asked, and a query without a vector is ranked by words. */
function order({ words, vectors, degraded }: Ranking, wordWeight: number, depth: number): string[] {
  const found = wordWeight === 0 ? [] : words.slice(0, depth)
  const near = wordWeight === 1 ? [] : vectors.slice(0, depth)
  // A mode of its own: vectors alone find nothing without one, however kindly a search would answer.
  if (degraded !== undefined && wordWeight > 0) return found.map(row => row.document_id)
  return fuse(found, near, weigh(wordWeight, 1 - wordWeight)).map(({ documentId }) => documentId)
}

function summed(all: readonly (Measures & { readonly hits: number })[]): ModeFigures {
  return {
    ndcg: mean(all.map(({ ndcg }) => ndcg)),
    recall: mean(all.map(({ recall }) => recall)),
    reciprocalRank: mean(all.map(({ reciprocalRank }) => reciprocalRank)),
    queriesWithoutHits: all.filter(({ hits }) => hits === 0).length,
  }
}

function record<Value>(of: (mode: Mode) => Value): Record<Mode, Value> {
  return { words: of('words'), vectors: of('vectors'), hybrid: of('hybrid') }
}
