// The end of ingestions from outside: of those that still bring a document which is deleted, and of the memory of those
// that ended long ago.
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { append, deleteStream, openStream } from '../../../platform/journal/journal.ts'
import { discardVersion } from '../versions/remove-version.ts'
import { deleteText } from '../versions/version-text.ts'
import type { IngestionState } from './ingestion.ts'

const MONTH = '30 days'
/** Each file that comes makes room for more than itself. */
const AT_ONCE = 20

/** Forgets some of the ingestions that ended more than a month ago, with their events. */
export async function forgetOldIngestions(tx: Writer, tenantId: string): Promise<void> {
  const old = await tx.all(sql<{ id: string }>`
    select id from app.ingestion
    where tenant_id = ${tenantId} and state in ('done', 'failed') and finished_at < now() - ${MONTH}::interval
    order by id limit ${AT_ONCE} for update skip locked`)
  await forget(tx, tenantId, idsOf(old))
}

/**
 * For a document that goes: what still brings it ends as superseded, whoever runs it, and what brought it is forgotten,
 * since it names the file. Before the document is locked, as a run does: it holds its journal, then the document.
 * Returns the blobs that they were brought in.
 */
export async function endIngestionsOf(
  tx: Writer,
  tenantId: string,
  { documentId, externalId }: { readonly documentId: string; readonly externalId: string | null },
): Promise<string[]> {
  const bringing = sql`
    i.tenant_id = ${tenantId} and (i.document_id = ${documentId} or i.request ->> 'externalId' = ${externalId})`
  // First their journals are held, and then they are read: a run may have ended while this waited for it.
  await tx.run(sql`
    select s.id from app.journal_stream s join app.ingestion i on i.tenant_id = s.tenant_id and i.id = s.id
    where s.tenant_id = ${tenantId} and ${bringing} order by s.id for update of s`)
  const found = await tx.all(sql<Bringing>`
    select i.id, i.state, i.version_id as "versionId", i.blob_id as "blobId", s.epoch,
      s.last_sequence as "lastSequence"
    from app.ingestion i join app.journal_stream s on s.tenant_id = ${tenantId} and s.id = i.id
    where ${bringing} order by i.id`)
  const isOver = ({ state }: Bringing): boolean => state === 'done' || state === 'failed'
  await forget(tx, tenantId, idsOf(found.filter(isOver)))
  for (const one of found.filter(other => !isOver(other))) await supersede(tx, tenantId, one)
  return found.flatMap(({ blobId }) => (blobId === null ? [] : [blobId]))
}

interface Bringing {
  readonly id: string
  readonly state: IngestionState
  readonly versionId: string
  readonly blobId: string | null
  readonly epoch: number
  readonly lastSequence: bigint
}

/** Its journal begins anew, without what named the file; followers read on where they were, and an older run is fenced. */
async function supersede(
  tx: Writer,
  tenantId: string,
  { id, versionId, epoch, lastSequence }: Bringing,
): Promise<void> {
  const stream = { tenantId, streamId: id }
  const key = { tenant_id: tenantId, version_id: versionId }
  await deleteStream(tx, stream)
  await openStream(tx, stream)
  await tx.run(sql`
    update app.journal_stream set epoch = ${epoch + 1}, last_sequence = ${lastSequence}
    where tenant_id = ${tenantId} and id = ${id}`)
  await append(tx, stream, 'superseded', {})
  await tx.run(sql`
    update app.ingestion
    set state = 'done', outcome = 'superseded', finished_at = now(), request = '{"name": null, "externalId": null}'
    where tenant_id = ${tenantId} and id = ${id}`)
  await discardVersion(tx, key)
  await deleteText(tx, key)
}

async function forget(tx: Writer, tenantId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.run(sql`delete from app.journal_stream where tenant_id = ${tenantId} and id = any(${ids}::uuid[])`)
  await tx.run(sql`delete from app.ingestion where tenant_id = ${tenantId} and id = any(${ids}::uuid[])`)
}

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id)
}
