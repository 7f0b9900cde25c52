// The background work of documents: files on their way in, and versions on their way out.
import type { JobWorkers } from '../../../platform/jobs/job-workers.ts'
import { CLEAR_VERSION, clearVersion } from '../versions/remove-version.ts'
import type { IngestDeps } from './ingest-work.ts'
import { INGEST_FILE } from './ingestion.ts'
import { runIngestion } from './run-ingestion.ts'

export async function workDocumentJobs(
  workers: JobWorkers,
  deps: IngestDeps,
  concurrency: number,
): Promise<void> {
  await workers.work(
    INGEST_FILE,
    (payload, { signal }) => runIngestion(deps, payload, signal),
    // One place is always left to others, however many files a tenant brings.
    { concurrency, perTenant: Math.max(1, concurrency - 1) },
  )
  await workers.work(CLEAR_VERSION, ({ tenantId, versionId }) =>
    clearVersion(deps.doorsOf(tenantId, 'gatehouse:ingestion').write, {
      tenant_id: tenantId,
      version_id: versionId,
    }),
  )
}
