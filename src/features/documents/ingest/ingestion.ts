// An ingestion: the run of one file on its way to being a document. Its row says how it stands; what happened is in
// the journal, under the ingestion's own id.
import type { Reader, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault, type Fault } from '../../../platform/faults.ts'
import { queue } from '../../../platform/jobs/queue.ts'
import { keepBlob } from '../../../platform/blobs/blobs.ts'
import { sendJob } from '../../../platform/jobs/send-job.ts'
import { superseded } from '../../../platform/journal/superseded.ts'
import { append, openStream } from '../../../platform/journal/journal.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import type { AccessList } from '../access/access-list.ts'
import type { DocumentFields } from '../fields/document-fields.ts'
import type { Language } from '../text/language.ts'

export const INGEST_FILE = queue('ingest_file', ['ingestionId'])

export type IngestionState = 'queued' | 'running' | 'done' | 'failed'

/** What the caller asked for; an absent field keeps what a known document has. */
export interface IngestionRequest extends DocumentFields {
  readonly name: string | null
  readonly title?: string
  readonly externalId: string | null
  readonly language?: Language
  /** Who is to read the document; when absent, it keeps what it has. */
  readonly access?: AccessList
  /** Of whoever brought the file: it may not change what he could not read. */
  readonly reads?: 'all' | 'listed'
}

export interface IngestionSource {
  readonly blobId: string | null
  readonly url: string | null
}

export interface Ingestion extends IngestionSource {
  readonly tenantId: string
  readonly id: string
  readonly state: IngestionState
  readonly subject: string
  readonly versionId: string
  /** Of the document to update, or of the one it became. */
  readonly documentId: string | null
  readonly request: IngestionRequest
}

export interface Acceptance {
  readonly tenantId: string
  readonly subject: string
  readonly source: IngestionSource
  readonly request: IngestionRequest
  /** The document to update; null when the external id decides, or it is a new one. */
  readonly documentId: string | null
}

/** Takes a file on: row, first event and job stand or fall with the caller's transaction. Returns the ingestion's id. */
export async function acceptIngestion(tx: Writer, acceptance: Acceptance): Promise<string> {
  const { tenantId, subject, source, request, documentId } = acceptance
  const id = uuidv7()
  // However long it waits: what nobody keeps is swept after a day.
  if (source.blobId !== null) await keepBlob(tx, { tenantId, blobId: source.blobId })
  await tx.run(sql`
    insert into app.ingestion (tenant_id, id, subject, blob_id, url, version_id, document_id, request)
    values (${tenantId}, ${id}, ${subject}, ${source.blobId}, ${source.url}, ${uuidv7()}, ${documentId},
      ${JSON.stringify(request)}::jsonb)`)
  const stream = { tenantId, streamId: id }
  await openStream(tx, stream)
  await append(tx, stream, 'accepted', { name: request.name })
  await sendJob(tx, INGEST_FILE, { tenantId, ingestionId: id })
  return id
}

export async function findIngestion(
  tx: Reader,
  tenantId: string,
  id: string,
): Promise<Ingestion | undefined> {
  return tx.first(sql<Ingestion>`
    select tenant_id as "tenantId", id, state, subject, blob_id as "blobId", url, version_id as "versionId",
      document_id as "documentId", request
    from app.ingestion where tenant_id = ${tenantId} and id = ${id}`)
}

/** The ingestion, held until the transaction ends. */
export async function lockIngestion(
  tx: Writer,
  tenantId: string,
  id: string,
): Promise<(Ingestion & { readonly retriedAs: string | null }) | undefined> {
  const row = await tx.first(sql<{ retriedAs: string | null }>`
    select retried_as as "retriedAs" from app.ingestion
    where tenant_id = ${tenantId} and id = ${id} for update`)
  const ingestion = await findIngestion(tx, tenantId, id)
  return row === undefined || ingestion === undefined ? undefined : { ...ingestion, ...row }
}

/** For the first transaction of a step, so that it costs none of its own. */
export async function markRunning(tx: Writer, { tenantId, id }: Ingestion): Promise<void> {
  await tx.run(sql`
    update app.ingestion set state = 'running'
    where tenant_id = ${tenantId} and id = ${id} and state = 'queued'`)
}

/** How an ingestion ended, for its row. */
export type Ending =
  | { readonly state: 'done'; readonly outcome: string; readonly documentId: string }
  | { readonly state: 'failed'; readonly fault: { code: string; reason?: string; say: string } }

/** Throws `superseded` when it has ended otherwise meanwhile: then nothing of the transaction goes in. */
export async function endIngestion(tx: Writer, { tenantId, id }: Ingestion, ending: Ending): Promise<void> {
  const outcome = ending.state === 'done' ? ending.outcome : null
  const documentId = ending.state === 'done' ? ending.documentId : null
  const problem = ending.state === 'failed' ? JSON.stringify(ending.fault) : null
  const ended = await tx.run(sql`
    update app.ingestion
    set state = ${ending.state}, outcome = ${outcome}, document_id = coalesce(${documentId}::uuid, document_id),
      fault = ${problem}::jsonb, finished_at = now()
    where tenant_id = ${tenantId} and id = ${id} and state in ('queued', 'running')`)
  if (ended === 0) throw superseded(id)
}

/** The fetched file of a web address: kept for the ingestion, in place of one that an earlier attempt fetched. */
export async function keepFetched(tx: Writer, ingestion: Ingestion, blobId: string): Promise<void> {
  const { tenantId, id } = ingestion
  await tx.run(sql`
    update app.blob set kept = false
    where tenant_id = ${tenantId}
      and id = (select blob_id from app.ingestion where tenant_id = ${tenantId} and id = ${id})`)
  await keepBlob(tx, { tenantId, blobId })
  await tx.run(sql`update app.ingestion set blob_id = ${blobId} where tenant_id = ${tenantId} and id = ${id}`)
}

/** Lets go of the file of an ingestion that became no version, unless something else needs it: it is swept a day after it came. */
export async function releaseFile(
  tx: Writer,
  { tenantId, id }: Pick<Ingestion, 'tenantId' | 'id'>,
): Promise<void> {
  // Held first: of two that end at once, the second sees that the first has.
  await tx.run(sql`
    select id from app.blob
    where tenant_id = ${tenantId}
      and id = (select blob_id from app.ingestion where tenant_id = ${tenantId} and id = ${id})
    for update`)
  await tx.run(sql`
    update app.blob b set kept = false
    from app.ingestion i
    where i.tenant_id = ${tenantId} and i.id = ${id} and b.tenant_id = ${tenantId} and b.id = i.blob_id
      and not exists (
        select from app.document_version v where v.tenant_id = ${tenantId} and v.blob_id = b.id)
      and not exists (
        select from app.ingestion o
        where o.tenant_id = ${tenantId} and o.blob_id = b.id and o.id <> i.id and o.state in ('queued', 'running'))`)
}

export function ingestionNotFound(): Fault {
  return fault('not_found', { say: 'There is no such ingestion.' })
}
