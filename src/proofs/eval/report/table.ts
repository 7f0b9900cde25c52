// An evaluation as a person reads it in a terminal.
import { printable } from '../../../protocols/cli/ingest/report/printable.ts'
import { MODES } from '../figures/score.ts'
import type { Evaluation } from './evaluation.ts'

const ENGINES = { pglite: 'embedded PostgreSQL', postgres: 'PostgreSQL' }

export function tableOf(evaluation: Evaluation): string {
  return [
    headline(evaluation),
    '',
    ...modeRows(evaluation),
    '',
    ...sweepRows(evaluation),
    '',
    ...timeRows(evaluation),
    ...remarks(evaluation),
  ].join('\n')
}

function headline({ name, set, ground: { loaded, engine, tenant }, embeddingModel }: Evaluation): string {
  const documents =
    loaded === undefined
      ? `tenant ${printable(tenant)}`
      : `${whole(loaded.documents)} documents in ${whole(loaded.passages)} passages`
  const where = engine === undefined ? [] : [ENGINES[engine]]
  const vectors = embeddingModel === undefined ? 'no vectors' : `vectors of ${printable(embeddingModel)}`
  return [`${printable(name)}: ${whole(set.queries.length)} queries`, documents, ...where, vectors].join(', ')
}

function modeRows({ figures }: Evaluation): string[] {
  const rows = MODES.map(mode => {
    const { ndcg, recall, reciprocalRank, queriesWithoutHits } = figures.modes[mode]
    return [mode, four(ndcg), four(recall), four(reciprocalRank), whole(queriesWithoutHits)]
  })
  return aligned([['', 'nDCG@10', 'recall@100', 'MRR@10', 'without hits'], ...rows])
}

function sweepRows({ figures: { sweep, best } }: Evaluation): string[] {
  return [
    ...aligned([
      ['word weight', ...sweep.map(({ wordWeight }) => wordWeight.toFixed(1))],
      ['nDCG@10', ...sweep.map(({ ndcg }) => ndcg.toFixed(3))],
    ]),
    `Best: word weight ${best.wordWeight.toFixed(1)} with ${four(best.ndcg)}. It is chosen on these same queries: expect less of it on others.`,
  ]
}

function timeRows({ figures: { latency }, ground: { loaded } }: Evaluation): string[] {
  const { p50, p95, p99 } = latency
  const lines = [`A query took ${ms(p50)} ms (p50), ${ms(p95)} ms (p95), ${ms(p99)} ms (p99) in the server.`]
  if (loaded === undefined) return lines
  const { seconds, vectors, vectorSeconds } = loaded
  return [
    ...lines,
    `The documents were taken in in ${seconds.toFixed(1)} s, their ${whole(vectors)} vectors made in ${vectorSeconds.toFixed(1)} s.`,
  ]
}

/** What lowers the figures, or is not in them. */
function remarks({ set: { leftOut }, ground, unknownJudged, figures }: Evaluation): string[] {
  const counted: [number, string][] = [
    [leftOut.queriesWithoutJudgements, 'queries without judgements left out'],
    [leftOut.queriesWithoutRelevant, 'queries without a relevant document left out'],
    [leftOut.judgedQueriesWithoutText, 'judged queries are not in the queries’ file'],
    [leftOut.queriesBeyondLimit, 'queries beyond --limit-queries not asked'],
    [unknownJudged, 'judged documents are not there: they count as not found'],
    [ground.loaded?.blank ?? 0, 'documents without title and text left out'],
    [figures.degraded, 'queries have no vector'],
  ]
  return counted.filter(([count]) => count > 0).map(([count, what]) => `Note: ${whole(count)} ${what}.`)
}

/** The first column to the left, figures to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...rows.map(row => row.length))
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map(row => row[at]?.length ?? 0)),
  )
  return rows.map(row =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

function four(value: number): string {
  return value.toFixed(4)
}

function ms(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0)
}

function whole(value: number): string {
  return value.toLocaleString('en')
}
