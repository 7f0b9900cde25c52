// The end of an ingestion that cannot succeed: what it had written is cleared away, and its row and last event say why.
import { append } from '../../../platform/journal/journal.ts'
import type { Run } from '../../../platform/journal/run.ts'
import type { Fault } from '../../../platform/faults.ts'
import { discardVersion } from '../versions/remove-version.ts'
import { deleteText } from '../versions/version-text.ts'
import { endIngestion, releaseFile, type Ingestion } from './ingestion.ts'

/** The uploaded file stays a day, so that retry_ingestion can take it up again. */
export async function failIngestion(run: Run, ingestion: Ingestion, problem: Fault): Promise<void> {
  const { tenantId, versionId } = ingestion
  const key = { tenant_id: tenantId, version_id: versionId }
  const { code, say, reason } = problem
  const told = { code, say, ...(reason === undefined ? {} : { reason }) }
  await run.write(async tx => {
    await discardVersion(tx, key)
    await deleteText(tx, key)
    if (ingestion.blobId !== null) await releaseFile(tx, tenantId, ingestion.blobId)
    await endIngestion(tx, ingestion, { state: 'failed', fault: told })
    await append(tx, run.key, 'failed', { ...told, retryable: isPassing(problem) })
  })
}

/** Whether the same file may go in another time. */
export function isPassing({ code }: Fault): boolean {
  return code === 'unavailable' || code === 'timeout' || code === 'rate_limited' || code === 'internal'
}
