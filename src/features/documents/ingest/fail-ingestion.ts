// The end of an ingestion that cannot succeed: what it had written is cleared away, and its row and last event say why.
import { append } from '../../../platform/journal/journal.ts'
import type { Run } from '../../../platform/journal/run.ts'
import type { Fault } from '../../../platform/faults.ts'
import { discardVersion } from '../versions/remove-version.ts'
import { deleteText } from '../versions/version-text.ts'
import { endIngestion, releaseFile, type Ingestion } from './ingestion.ts'

/** In the background there is no request id to look for. */
const SAID_INSTEAD =
  'Something went wrong on our side. It is in the server’s log, with the id of the ingestion.'

/** The uploaded file stays a day, so that retry_ingestion can take it up again. */
export async function failIngestion(run: Run, ingestion: Ingestion, problem: Fault): Promise<void> {
  const { tenantId, versionId } = ingestion
  const key = { tenant_id: tenantId, version_id: versionId }
  const { code, reason } = problem
  const say = code === 'internal' ? SAID_INSTEAD : problem.say
  const told = { code, say, ...(reason === undefined ? {} : { reason }) }
  await run.write(async tx => {
    await discardVersion(tx, key)
    await deleteText(tx, key)
    await endIngestion(tx, ingestion, { state: 'failed', fault: told })
    await releaseFile(tx, ingestion)
    await append(tx, run.key, 'failed', { ...told, retryable: isPassing(problem) })
  })
}

/** Whether the same file may go in another time. */
export function isPassing({ code }: Fault): boolean {
  return code === 'unavailable' || code === 'timeout' || code === 'rate_limited' || code === 'internal'
}
