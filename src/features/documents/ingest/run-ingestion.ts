// The run of one file: fetch, parse, index, publish. Each step is journalled under the run's epoch, so that after a
// kill anywhere another worker goes on where this one stopped, and this one, should it wake, writes nothing more.
import { asFault } from '../../../platform/faults.ts'
import { takeOver } from '../../../platform/journal/run.ts'
import { isSuperseded } from '../../../platform/journal/superseded.ts'
import { fetchToBlob } from './fetch-to-blob.ts'
import { findIngestion, type Ingestion } from './ingestion.ts'
import type { IngestDeps, IngestWork } from './ingest-work.ts'
import { failIngestion, isPassing } from './fail-ingestion.ts'
import { parseFile } from './parse-file.ts'
import { publishFile } from './publish-file.ts'

/** How the job that runs it stands. */
export interface Attempt {
  readonly signal: AbortSignal
  /** Whether the queue gives up after this one. */
  readonly isLast: boolean
}

/** Runs an ingestion to its end; throws what the queue should try again. One that has ended already is left alone. */
export async function runIngestion(
  deps: IngestDeps,
  { tenantId, ingestionId }: { readonly tenantId: string; readonly ingestionId: string },
  attempt: Attempt,
): Promise<void> {
  const doors = deps.doorsOf(tenantId, 'ingestion')
  const ingestion: Ingestion | undefined = await doors.read(tx => findIngestion(tx, tenantId, ingestionId))
  if (ingestion === undefined || ingestion.state === 'done' || ingestion.state === 'failed') return
  const run = await takeOver(doors, { tenantId, streamId: ingestionId })
  try {
    await ingest({ deps, doors, ingestion, run, signal: attempt.signal })
  } catch (error) {
    if (isSuperseded(error)) return
    const problem = asFault(error)
    // Cancelled because its worker stops: nobody's failure, the job goes back to the queue.
    if (problem.code === 'cancelled' || (isPassing(problem) && !attempt.isLast)) throw error
    await failIngestion(run, ingestion, problem)
    if (problem.code === 'internal') throw error
  }
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
