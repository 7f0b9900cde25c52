// Takes in what a caller brings: a text at once, in one transaction; a file as an ingestion of its own.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { WriteCall } from '../../../gate/call.ts'
import { readsOf } from '../../../gate/roles.ts'
import { blobFacts, sweepBlobs } from '../../../platform/blobs/blobs.ts'
import { storeBlob } from '../../../platform/blobs/store-blob.ts'
import type { Reader, Writer } from '../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { giveAccess, givenAccess } from '../access/give-access.ts'
import { setAccess } from '../access/set-access.ts'
import { fieldsOf } from '../fields/document-fields.ts'
import { documentNotFound } from '../fields/document-id.ts'
import { MAX_INLINE_BYTES, type GivenSource } from '../fields/document-source.ts'
import type { DocumentFormat } from '../text/chunk.ts'
import { cleanText } from '../text/clean-text.ts'
import type { Language } from '../text/language.ts'
import { prepareDocument, stagePrepared } from '../versions/prepare-document.ts'
import { publishVersion, type Publication, type Published } from '../versions/publish-version.ts'
import { forgetOldIngestions } from '../ingest/end-ingestions.ts'
import { acceptIngestion, type IngestionRequest } from '../ingest/ingestion.ts'

/** What adding and updating answer with. */
export const Taken = z.strictObject({
  status: z
    .enum(['added', 'updated', 'unchanged', 'superseded', 'accepted'])
    .describe('accepted: it goes in in the background; follow it with follow_ingestions.'),
  ingestion_id: z.string().optional().describe('Present when accepted.'),
  document_id: z.string().optional(),
  version: z.int().optional(),
  chunks: z.int().optional().describe('Passages it was cut into.'),
  cleaned: z.boolean().describe('Whether characters were removed; the warnings say which.'),
  warnings: z.array(z.string()),
})

export type Taken = z.input<typeof Taken>

export interface TakeDeps {
  /** Orders the vectors of what was published, in the same transaction. */
  readonly orderVectors: (tx: Writer, tenantId: string) => Promise<void>
}

type Target = Publication['target']

/** The source must have passed `refuseUnfit`. */
export async function takeDocument(
  deps: TakeDeps,
  call: WriteCall,
  given: GivenSource,
  target: Target,
): Promise<Taken> {
  return given.content === undefined
    ? takeFile(call, given, target)
    : takeText(deps, call, { ...given, content: given.content }, target)
}

async function takeText(
  deps: TakeDeps,
  call: WriteCall,
  given: GivenSource & { readonly content: string },
  target: Target,
): Promise<Taken> {
  const { tenantId } = call.principal
  const versionId = uuidv7()
  const known =
    'documentId' in target ? await call.read(tx => knownDocument(tx, tenantId, target)) : undefined
  const document = prepareDocument({
    title: given.title ?? known?.title ?? '',
    content: given.content,
    format: given.format ?? known?.format ?? 'text',
    language: given.language ?? known?.language,
  })
  const published = await call.write(async tx => {
    const fields = { ...fieldsOf(given), ...(given.name === undefined ? {} : { name: given.name }) }
    const stage = stagePrepared(document)
    const access = await givenAccess(tx, call.principal, given)
    const done = await publishVersion(tx, tenantId, {
      versionId,
      target,
      fields,
      content: document.content,
      stage,
    })
    call.about(`document:${done.documentId}`)
    await deps.orderVectors(tx, tenantId)
    return giveAccess(tx, tenantId, done, access)
  })
  const { warnings } = document.content
  return {
    ...taken(published),
    chunks: document.chunks.length,
    cleaned: warnings.length > 0,
    warnings: [...warnings],
  }
}

async function takeFile(call: WriteCall, given: GivenSource, target: Target): Promise<Taken> {
  const { tenantId, subject } = call.principal
  const { title, language, name = null } = given
  const bytes = inlineBytes(given)
  return call.write(async tx => {
    if ('documentId' in target) await knownDocument(tx, tenantId, target)
    const hash = bytes === undefined ? await hashOfBlob(tx, tenantId, given) : sha256(bytes)
    const access = await givenAccess(tx, call.principal, given)
    const same = hash === undefined ? undefined : await sameFile(tx, tenantId, { target, given, hash })
    if (same !== undefined) {
      call.about(`document:${same.id}`)
      const key = { tenantId, documentId: same.id }
      const isChanged = access !== undefined && (await setAccess(tx, key, access))
      return {
        status: isChanged ? 'updated' : 'unchanged',
        document_id: same.id,
        version: same.version,
        cleaned: false,
        warnings: [],
      }
    }
    const request: IngestionRequest = {
      ...fieldsOf(given),
      name,
      externalId: 'externalId' in target ? target.externalId : null,
      ...(title === undefined ? {} : { title: cleanText(title).text }),
      ...(language === undefined ? {} : { language }),
      ...(access === undefined ? {} : { access }),
      reads: readsOf(call.principal),
    }
    const source = { url: given.url ?? null, blobId: await blobOf(tx, tenantId, given, bytes) }
    const documentId = 'documentId' in target ? target.documentId : null
    await forgetOldIngestions(tx, tenantId)
    await sweepBlobs(tx, tenantId)
    const accepted = await acceptIngestion(tx, { tenantId, subject, source, request, documentId })
    call.about(`ingestion:${accepted}`)
    return { status: 'accepted', ingestion_id: accepted, cleaned: false, warnings: [] }
  })
}

function inlineBytes({ data }: GivenSource): Buffer | undefined {
  if (data === undefined) return undefined
  const bytes = Buffer.from(data, 'base64')
  if (bytes.length > MAX_INLINE_BYTES) throw tooLarge(bytes.length)
  return bytes
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

/** Undefined for a web address: nobody has seen its bytes yet. */
async function hashOfBlob(
  tx: Reader,
  tenantId: string,
  { blob_id }: GivenSource,
): Promise<Uint8Array | undefined> {
  if (blob_id === undefined) return undefined
  const { sha256: hex } = await blobFacts(tx, { tenantId, blobId: blob_id.toLowerCase() })
  return hex === undefined ? undefined : Buffer.from(hex, 'hex')
}

type SameFile = { readonly id: string; readonly version: number }
const sameFileStatement = sqlFile<Record<string, unknown>, SameFile>(import.meta.url, './same-file.sql')

function sameFile(
  tx: Reader,
  tenantId: string,
  {
    target,
    given,
    hash,
  }: { readonly target: Target; readonly given: GivenSource; readonly hash: Uint8Array },
): Promise<SameFile | undefined> {
  const { labels, collection, metadata } = fieldsOf(given)
  return tx.first(
    sameFileStatement({
      tenant_id: tenantId,
      document_id: 'documentId' in target ? target.documentId : null,
      external_id: 'externalId' in target ? target.externalId : null,
      source_hash: hash,
      name: given.name ?? null,
      title: given.title ?? null,
      language: given.language ?? null,
      labels: labels ?? null,
      collection: collection ?? null,
      metadata: metadata === undefined ? null : JSON.stringify(metadata),
    }),
  )
}

/** The complete blob with the bytes; null where they are yet to be fetched. */
async function blobOf(
  tx: Writer,
  tenantId: string,
  { blob_id }: GivenSource,
  bytes: Buffer | undefined,
): Promise<string | null> {
  if (bytes !== undefined) return storeBlob(tx, tenantId, bytes)
  if (blob_id === undefined) return null
  const blobId = blob_id.toLowerCase()
  const { sha256 } = await blobFacts(tx, { tenantId, blobId })
  if (sha256 !== undefined) return blobId
  throw fault('conflict', {
    reason: 'blob_incomplete',
    say: 'The upload is not complete: send its last piece with is_last true, then add it.',
  })
}

interface KnownDocument {
  readonly title: string
  readonly format: DocumentFormat
  readonly language: Language
}

/** What an update keeps of the document unless it is given; throws `not_found` when there is none. */
async function knownDocument(
  tx: Reader,
  tenantId: string,
  { documentId }: { readonly documentId: string },
): Promise<KnownDocument> {
  const row = await tx.first(sql<KnownDocument>`
    select title, format, language from app.document where tenant_id = ${tenantId} and id = ${documentId}`)
  if (row === undefined) throw documentNotFound()
  return row
}

/** The part of the answer that every publication has. */
export function taken({
  outcome,
  documentId,
  version,
}: Published): Pick<Taken, 'status' | 'document_id' | 'version'> {
  return { status: outcome, document_id: documentId, version }
}

function tooLarge(bytes: number) {
  const message = `data must hold at most ${MAX_INLINE_BYTES} bytes, got ${bytes}: upload it with upload_blob`
  return fault('invalid_input', { say: message, issues: [{ field: 'data', message }] })
}
