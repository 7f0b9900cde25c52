// The run of one file: fetch, parse, index, publish. Each step is journalled under the run's epoch, so that after a
// kill anywhere another worker goes on where this one stopped, and this one, should it wake, writes nothing more.
import { asFault, fault } from '../../../platform/faults.ts'
import { takeOver } from '../../../platform/journal/run.ts'
import { isSuperseded } from '../../../platform/journal/superseded.ts'
import { fetchToBlob } from './fetch-to-blob.ts'
import { findIngestion } from './ingestion.ts'
import type { IngestDeps, IngestWork } from './ingest-work.ts'
import { failIngestion, isPassing } from './fail-ingestion.ts'
import { parseFile } from './parse-file.ts'
import { publishFile } from './publish-file.ts'

/**
 * How often a file is tried when what fails may pass: some twenty minutes of growing pauses. Runs that a stopping worker
 * gave back count too, hence so many; and a file that kills its worker each time comes to an end.
 */
const MOST_RUNS = 30

/** Runs an ingestion to its end; throws what the queue should try again. One that has ended already is left alone. */
export async function runIngestion(
  deps: IngestDeps,
  { tenantId, ingestionId }: { readonly tenantId: string; readonly ingestionId: string },
  signal: AbortSignal,
): Promise<void> {
  const doors = deps.doorsOf(tenantId, 'gatehouse:ingestion')
  const isKnown = await doors.read(tx => findIngestion(tx, tenantId, ingestionId))
  if (isKnown === undefined) return
  const run = await takeOver(doors, { tenantId, streamId: ingestionId })
  // Only now: whoever had it before can end it no more.
  const ingestion = await doors.read(tx => findIngestion(tx, tenantId, ingestionId))
  if (ingestion === undefined || ingestion.state === 'done' || ingestion.state === 'failed') return
  try {
    if (run.epoch > MOST_RUNS) throw gaveUp()
    await ingest({ deps, doors, ingestion, run, signal })
  } catch (error) {
    if (isSuperseded(error)) return
    const problem = signal.aborted ? fault('cancelled') : asFault(error)
    // Cancelled because its worker stops: nobody's failure, the job goes back to the queue.
    if (problem.code === 'cancelled' || (isPassing(problem) && run.epoch < MOST_RUNS)) throw problem
    await failIngestion(run, ingestion, problem)
  }
}

function gaveUp() {
  return fault('internal', {
    reason: 'gave_up',
    detail: `an ingestion was begun ${MOST_RUNS} times and never ended`,
  })
}

async function ingest(work: IngestWork): Promise<void> {
  const { run, ingestion } = work
  const { blobId, url, request } = ingestion
  const file =
    blobId === null
      ? await run.step('fetch', () => fetchToBlob(work, url ?? ''))
      : { blobId, name: request.name, mediaType: null }
  const content = await run.step('parse', () => parseFile(work, file))
  await publishFile(work, file.blobId, content)
}
