// `gatehouse ingest` without its options: finds the sources, takes them in, tells about it, and watches on if asked.
import { fault } from '../../../platform/faults.ts'
import type { TenantCaller } from '../acting-in.ts'
import { summaryOf, type Outcome } from './outcome.ts'
import type { Report } from './report/report.ts'
import { runBatch, type Batch, type BatchDeps } from './run-batch.ts'
import type { DocumentSettings } from './settings.ts'
import type { Source } from './sources/source.ts'
import { watchSources } from './watch-sources.ts'

export interface IngestRequest {
  readonly args: readonly string[]
  /** What the arguments mean; at least one. */
  readonly sources: readonly Source[]
  readonly settings: DocumentSettings
  /** With which the sources were found. */
  readonly keyPrefix: string | undefined
  readonly isWatching: boolean
}

export interface IngestDeps extends Pick<BatchDeps, 'standardInput' | 'signal' | 'patience'> {
  readonly caller: TenantCaller
  readonly report: Report
}

/**
 * Resolves when every source went in, and with --watch when the signal has stopped it. Throws `conflict` when some
 * failed, `cancelled` when the signal came before the end, and what ended the run early.
 */
export async function ingest(request: IngestRequest, deps: IngestDeps): Promise<void> {
  const { sources, settings, isWatching, args, keyPrefix } = request
  const { report, signal } = deps
  await deps.caller.ready()
  const started = performance.now()
  const batch = await runBatch(sources, { ...deps, settings, watcher: report.begin(sources) })
  const { outcomes, problem } = batch
  report.end(outcomes, summaryOf(sources.length, outcomes, (performance.now() - started) / 1000))
  if (problem !== undefined) throw problem
  if (outcomes.length < sources.length) throw interrupted(batch, sources.length)
  if (outcomes.some(({ result }) => result === 'added' || result === 'updated')) {
    report.note('vectors are made in the background: gatehouse embeddings status')
  }
  if (!isWatching) return refuseFailures(outcomes)
  report.note('watching; Ctrl-C ends it')
  await watchSources(args, batch, {
    takeIn: changed => runBatch(changed, { ...deps, settings, watcher: report.changes() }),
    onGone: report.gone,
    keyPrefix,
    note: report.note,
    signal,
  })
}

function refuseFailures(outcomes: readonly Outcome[]): void {
  const failed = outcomes.filter(({ result }) => result === 'failed').length
  if (failed === 0) return
  throw fault('conflict', {
    reason: 'files_failed',
    say: `${failed} of ${outcomes.length} ${outcomes.length === 1 ? 'file' : 'files'} did not go in.`,
  })
}

function interrupted({ outcomes, goingOn }: Batch, files: number) {
  const left = files - outcomes.length - goingOn
  return fault('cancelled', {
    reason: 'interrupted',
    say:
      `Stopped: ${outcomes.length} of ${files} files are done, ${goingOn} were accepted and go on in the server ` +
      `(when none runs: with its next start), ${left} were not sent. The same command again takes in the rest.`,
  })
}
