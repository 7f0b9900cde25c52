// All that an evaluation found out, and the record of it that --json prints: its names are stable.
import type { Figures, Mode, ModeFigures } from '../figures/score.ts'
import type { Ground } from '../ground/ground.ts'
import type { EvalSet } from '../set/read-set.ts'

export interface Evaluation {
  /** The name of the set's folder. */
  readonly name: string
  readonly set: EvalSet
  readonly ground: Ground
  readonly embeddingModel: string | undefined
  readonly unknownJudged: number
  readonly figures: Figures
}

export function recordOf({ name, set, ground, embeddingModel, unknownJudged, figures }: Evaluation) {
  const { loaded, engine } = ground
  const { leftOut } = set
  const { modes, sweep, best, latency, degraded } = figures
  return {
    set: name,
    tenant: ground.tenant,
    engine: engine ?? null,
    embedding_model: embeddingModel ?? null,
    documents: loaded?.documents ?? null,
    passages: loaded?.passages ?? null,
    queries: set.queries.length,
    ...mapped(modes, figuresOf),
    sweep: sweep.map(({ wordWeight, ndcg }) => ({ word_weight: wordWeight, ndcg_at_10: ndcg })),
    best: { word_weight: best.wordWeight, ndcg_at_10: best.ndcg, chosen_on_these_queries: true },
    latency_ms: latency,
    load_seconds: loaded?.seconds ?? null,
    vector_seconds: loaded?.vectorSeconds ?? null,
    vector_count: loaded?.vectors ?? null,
    queries_without_vector: degraded,
    queries_without_judgements: leftOut.queriesWithoutJudgements,
    queries_without_relevant: leftOut.queriesWithoutRelevant,
    judged_queries_without_text: leftOut.judgedQueriesWithoutText,
    queries_beyond_limit: leftOut.queriesBeyondLimit,
    judged_documents_unknown: unknownJudged,
    blank_documents: loaded?.blank ?? null,
  }
}

function figuresOf({ ndcg, recall, reciprocalRank, queriesWithoutHits }: ModeFigures) {
  return {
    ndcg_at_10: ndcg,
    recall_at_100: recall,
    mrr_at_10: reciprocalRank,
    queries_without_hits: queriesWithoutHits,
  }
}

function mapped<From, To>(modes: Readonly<Record<Mode, From>>, of: (figures: From) => To): Record<Mode, To> {
  return { words: of(modes.words), vectors: of(modes.vectors), hybrid: of(modes.hybrid) }
}
