// The last step: the chunks go in, and in one transaction the version becomes the document's current one, the
// ingestion ends, its last event is written and its vectors are ordered.
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { append } from '../../../platform/journal/journal.ts'
import { refuseClosed } from '../access/refuse-closed.ts'
import { giveAccess } from '../access/give-access.ts'
import { lockDocument, publishVersion, type VersionContent } from '../versions/publish-version.ts'
import { discardVersion } from '../versions/remove-version.ts'
import { deleteText } from '../versions/version-text.ts'
import { indexVersion } from './index-version.ts'
import type { IngestWork } from './ingest-work.ts'
import { endIngestion, releaseFile, type Ingestion } from './ingestion.ts'
import { keptByDocument, refuseChanged } from './kept-by-document.ts'
import type { ParsedContent } from './parse-file.ts'

export async function publishFile(work: IngestWork, blobId: string, parsed: ParsedContent): Promise<void> {
  const { deps, doors, run, ingestion } = work
  const { tenantId, versionId, documentId, request } = ingestion
  const kept = documentId === null ? {} : await doors.read(tx => keptByDocument(tx, ingestion))
  const content: VersionContent = {
    ...parsed,
    ...kept,
    contentHash: Buffer.from(parsed.contentHash, 'hex'),
    sourceHash: Buffer.from(parsed.sourceHash, 'hex'),
    blobId,
  }
  const target = documentId === null ? { externalId: request.externalId } : { documentId }
  const { chunks, stageRest } = await indexVersion(work, target, content)
  await run.write(async tx => {
    await lockDocument(tx, tenantId, target)
    await refuseClosed(tx, ingestion, target)
    refuseChanged(kept, await keptByDocument(tx, ingestion))
    const publication = { versionId, target, fields: request, content, stage: stageRest }
    const published = await publishVersion(tx, tenantId, publication)
    const { outcome, documentId: id, version } = await giveAccess(tx, tenantId, published, request.access)
    const isCurrent = await isPublished(tx, ingestion)
    if (isCurrent) await deps.orderVectors(tx, tenantId)
    else await discard(tx, ingestion)
    await endIngestion(tx, ingestion, { state: 'done', outcome, documentId: id })
    if (!isCurrent) await releaseFile(tx, ingestion)
    const passages = isCurrent ? { chunks, warnings: parsed.warnings } : {}
    const kind = outcome === 'added' || outcome === 'updated' ? 'published' : outcome
    await append(tx, run.key, kind, { document_id: id, version, outcome, ...passages })
  })
}

async function isPublished(tx: Writer, { tenantId, versionId }: Ingestion): Promise<boolean> {
  const version = await tx.first(sql`
    select id from app.document_version where tenant_id = ${tenantId} and id = ${versionId}`)
  return version !== undefined
}

async function discard(tx: Writer, { tenantId, versionId }: Ingestion): Promise<void> {
  const key = { tenant_id: tenantId, version_id: versionId }
  await discardVersion(tx, key)
  await deleteText(tx, key)
}
