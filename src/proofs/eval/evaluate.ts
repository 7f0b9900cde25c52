// `gatehouse eval`: how good search is, on a test collection taken in for the occasion, or on what a tenant has, by a
// golden set of its own.
import { writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { interruption } from '../../protocols/cli/ingest/interruption.ts'
import type { Operator } from '../../protocols/cli/operator.ts'
import { printFinding, printResult } from '../../protocols/cli/output.ts'
import type { Config } from '../../platform/config.ts'
import { askRankings } from './ask-rankings.ts'
import { score } from './figures/score.ts'
import type { Ground } from './ground/ground.ts'
import type { OpenGatehouse } from './ground/own-ground.ts'
import { withLoadedGround } from './ground/loaded-ground.ts'
import { wanted, type EvalOptions, type Wanted } from './options.ts'
import { csvOf } from './report/csv.ts'
import { recordOf, type Evaluation } from './report/evaluation.ts'
import { plotOf } from './report/plot.ts'
import { progressReport, type ProgressReport } from './report/progress.ts'
import { tableOf } from './report/table.ts'
import { readSet, type EvalSet } from './set/read-set.ts'
import { unknownJudged } from './unknown-judged.ts'

export interface EvaluateDeps {
  readonly config: Config
  readonly openGatehouse: OpenGatehouse
  /** For a tenant that is there: the running Gatehouse, or one opened on the data folder. */
  readonly openOperator: () => Promise<Operator>
}

/** Resolves with the exit code: 0, or 8 when nDCG@10 is below what was asked for. */
export async function evaluate(options: EvalOptions, deps: EvaluateDeps): Promise<number> {
  const want = await wanted(options)
  const set = await readSet(want.folder, want.limit)
  const report = progressReport(process.stderr)
  const { signal, release } = interruption()
  try {
    const evaluation = await withGround(want, set, { deps, report, signal }, ground =>
      evaluateOn(ground, set, report, signal),
    )
    report.end()
    await print(evaluation, want)
    return judge(evaluation, want)
  } finally {
    report.end()
    release()
  }
}

interface Surroundings {
  readonly deps: EvaluateDeps
  readonly report: ProgressReport
  readonly signal: AbortSignal
}

async function withGround<T>(
  { ground }: Wanted,
  set: EvalSet,
  { deps, report, signal }: Surroundings,
  use: (ground: Ground) => Promise<T>,
): Promise<T> {
  if (!('tenant' in ground)) {
    const { openGatehouse } = deps
    return withLoadedGround({ ...ground, set, config: deps.config, openGatehouse, report, signal }, use)
  }
  const operator = await deps.openOperator()
  try {
    const caller = operator.as(ground.tenant, ground.user)
    await caller.ready()
    return await use({ tenant: ground.tenant, ask: caller.run })
  } finally {
    await operator.close()
  }
}

async function evaluateOn(
  ground: Ground,
  set: EvalSet,
  { progress }: ProgressReport,
  signal: AbortSignal,
): Promise<Evaluation> {
  const { rankings, embeddingModel } = await askRankings(ground, set, progress, signal)
  return {
    name: basename(resolve(set.folder)),
    set,
    ground,
    embeddingModel,
    unknownJudged: await unknownJudged(ground, set, rankings, signal),
    figures: score(set, rankings),
  }
}

async function print(evaluation: Evaluation, { csv, svg, isJson }: Wanted): Promise<void> {
  if (csv !== undefined) await writeFile(csv, csvOf(evaluation))
  if (svg !== undefined) await writeFile(svg, plotOf(evaluation))
  if (isJson) printResult(recordOf(evaluation), { json: true })
  else process.stdout.write(`${tableOf(evaluation)}\n`)
}

function judge({ figures }: Evaluation, { minimum }: Wanted): number {
  if (minimum === undefined) return 0
  const { ndcg } = figures.modes[minimum.of]
  if (ndcg >= minimum.ndcg) return 0
  return printFinding(
    'ndcg_below_minimum',
    `nDCG@10 of ${minimum.of} is ${ndcg.toFixed(4)}, below the ${minimum.ndcg} asked for.`,
  )
}
