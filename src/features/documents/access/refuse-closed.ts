// Keeps a file in the background from changing a document that whoever brought it may not read: the work itself reads
// all. The document may have been closed, or its external id taken, while the file was on its way.
import type { Reader } from '../../../platform/db/database.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import type { Ingestion } from '../ingest/ingestion.ts'
import { documentNotFound } from '../fields/document-id.ts'
import { externalIdTaken, type Publication } from '../versions/publish-version.ts'

type Parameters = Record<'tenant_id' | 'subject', string> &
  Record<'document_id' | 'external_id', string | null>
const closedTo = sqlFile<Parameters, { closed: boolean }>(import.meta.url, './closed-to.sql')

/** Throws what a caller would hear who did the same at once. Under the document's lock, in a transaction that reads all. */
export async function refuseClosed(
  tx: Reader,
  { tenantId, subject, request }: Pick<Ingestion, 'tenantId' | 'subject' | 'request'>,
  target: Publication['target'],
): Promise<void> {
  if (request.reads === 'all') return
  const isById = 'documentId' in target
  const row = await tx.first(
    closedTo({
      tenant_id: tenantId,
      subject,
      document_id: isById ? target.documentId : null,
      external_id: isById ? null : target.externalId,
    }),
  )
  if (row?.closed === true) throw isById ? documentNotFound() : externalIdTaken()
}
