// Makes a version a document's current one, in one transaction: a search before the commit sees the old state, one
// after it the new, and a kill changes nothing. What was brought later wins, whatever is ready first.
import type { Reader, Writer } from '../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../platform/db/statements.ts'
import { fault, type Fault } from '../../../platform/faults.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { documentNotFound } from '../fields/document-id.ts'
import { insertFields, type DocumentFields } from '../fields/document-fields.ts'
import type { DocumentFormat } from '../text/chunk.ts'
import type { Language } from '../text/language.ts'
import type { FileType } from '../parse/file-type.ts'
import { removeVersion } from './remove-version.ts'
import { showVersion, type VersionKey } from './stage-chunks.ts'

/** What a version is, beside its text. */
export interface VersionContent {
  readonly title: string
  readonly format: DocumentFormat
  readonly fileType: FileType
  readonly language: Language
  /** SHA-256 of the text. */
  readonly contentHash: Uint8Array
  /** Length of the text in UTF-16 code units. */
  readonly characters: number
  /** Where page 1, 2, … start; empty without pages. */
  readonly pageStarts: readonly number[]
  readonly warnings: readonly string[]
  /** The file it was read from, and the file's SHA-256. */
  readonly blobId: string | null
  readonly sourceHash: Uint8Array | null
}

export interface Publication {
  /** A UUID of version 7 made when the version was brought: its order is the order in which versions win. */
  readonly versionId: string
  /** Of a text that was brought before, the id it was brought as; its own by default. */
  readonly broughtAs?: string
  /** A known document by its id; or the document of an external id, new or known; or a new one. */
  readonly target: { readonly documentId: string } | { readonly externalId: string | null }
  /** What is not given, a known document keeps. */
  readonly fields: DocumentFields
  readonly content: VersionContent
  /** Puts text and chunks in, in this same transaction; absent where they are in already, hidden. */
  readonly stage?: (tx: Writer, key: VersionKey) => Promise<void>
}

export interface Published {
  readonly outcome: 'added' | 'updated' | 'unchanged' | 'superseded'
  readonly documentId: string
  /** The document's current version now. */
  readonly version: number
}

interface Current {
  readonly id: string
  readonly current_version: number
  readonly current_version_id: string
  readonly brought_as: string
  readonly title: string
  readonly format: string
  readonly language: Language
  readonly content_hash: Uint8Array
}

/** Who takes and gives up an external id while this looks for its document is not met so often in a row. */
const ATTEMPTS = 3

/**
 * Throws `not_found` when a document is named by an id that is not there, and `conflict` (`external_id_taken`) when the
 * external id is that of a document which is closed to the caller.
 */
export async function publishVersion(
  tx: Writer,
  tenantId: string,
  publication: Publication,
): Promise<Published> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const published = await publishOrMiss(tx, tenantId, publication)
    if (published !== undefined) return published
  }
  throw externalIdTaken()
}

/** Undefined when there was no document of the external id a moment ago, and now there is one. */
async function publishOrMiss(
  tx: Writer,
  tenantId: string,
  publication: Publication,
): Promise<Published | undefined> {
  const { versionId, broughtAs = versionId } = publication
  const isLocked = await lockDocument(tx, tenantId, publication.target)
  const current = isLocked ? await currentVersion(tx, tenantId, publication.target) : undefined
  if (current === undefined) {
    if ('documentId' in publication.target) throw documentNotFound()
    return addDocument(tx, tenantId, publication)
  }
  const { id: documentId, current_version: version } = current
  if (current.brought_as > broughtAs) {
    return { outcome: 'superseded', documentId, version }
  }
  if (isSameText(current, publication.content)) {
    const changed = await updateFields(tx, tenantId, current, publication)
    return { outcome: changed ? 'updated' : 'unchanged', documentId, version }
  }
  return replaceVersion(tx, tenantId, current, publication)
}

export function externalIdTaken(): Fault {
  return fault('conflict', {
    reason: 'external_id_taken',
    say: 'This external_id cannot be used: choose another one.',
  })
}

/** Whether the target has this text as its current version already. */
export async function isCurrentText(
  tx: Reader,
  tenantId: string,
  target: Publication['target'],
  content: VersionContent,
): Promise<boolean> {
  const current = await currentVersion(tx, tenantId, target)
  return current !== undefined && isSameText(current, content)
}

/** Whether the version would be found and quoted as the current one is. */
function isSameText(
  current: Pick<Current, 'title' | 'format' | 'language' | 'content_hash'>,
  { title, format, language, contentHash }: VersionContent,
): boolean {
  return (
    current.title === title &&
    current.format === format &&
    current.language === language &&
    Buffer.from(current.content_hash).equals(contentHash)
  )
}

/**
 * Holds the document's row until the transaction ends; false when there is none. Alone, before anything is read: a statement that waited for the
 * row would see the other rows as they were before it waited.
 */
export async function lockDocument(
  tx: Writer,
  tenantId: string,
  target: Publication['target'],
): Promise<boolean> {
  const wanted =
    'documentId' in target ? sql`id = ${target.documentId}` : sql`external_id = ${target.externalId}`
  const held = await tx.run(
    sql`select id from app.document where tenant_id = ${tenantId} and ${wanted} for update`,
  )
  return held > 0
}

async function currentVersion(
  tx: Reader,
  tenantId: string,
  target: Publication['target'],
): Promise<Current | undefined> {
  const wanted =
    'documentId' in target ? sql`d.id = ${target.documentId}` : sql`d.external_id = ${target.externalId}`
  return tx.first(sql<Current>`
    select d.id, d.current_version, d.current_version_id, v.brought_as, d.title, d.language, v.format, v.content_hash
    from app.document d
    join app.document_version v on v.tenant_id = d.tenant_id and v.id = d.current_version_id
    where d.tenant_id = ${tenantId} and ${wanted}`)
}

/** Undefined when the external id was taken since it was looked up. */
async function addDocument(
  tx: Writer,
  tenantId: string,
  { versionId, broughtAs = versionId, target, fields, content, stage }: Publication,
): Promise<Published | undefined> {
  const documentId = uuidv7()
  const externalId = 'externalId' in target ? target.externalId : null
  const { title, format, fileType, language } = content
  const { name = null, labels = [], collection = null, metadata = {} } = fields
  const inserted = await tx.run(sql`
    insert into app.document (tenant_id, id, external_id, title, format, file_type, language, name, labels,
      collection, metadata, current_version, current_version_id)
    values (${tenantId}, ${documentId}, ${externalId}, ${title}, ${format}, ${fileType}, ${language}, ${name}, ${labels},
      ${collection}, ${JSON.stringify(metadata)}::jsonb, 1, ${versionId})
    on conflict (tenant_id, external_id) do nothing`)
  if (inserted === 0) return undefined
  await insertFields(tx, { tenant_id: tenantId, document_id: documentId })
  const key = { tenant_id: tenantId, version_id: versionId }
  await insertVersion(tx, key, { documentId, version: 1, broughtAs }, content)
  await stage?.(tx, key)
  await showVersion(tx, key, language)
  return { outcome: 'added', documentId, version: 1 }
}

async function replaceVersion(
  tx: Writer,
  tenantId: string,
  current: Current,
  publication: Publication,
): Promise<Published> {
  const { versionId, broughtAs = versionId, content, stage } = publication
  const version = current.current_version + 1
  const key = { tenant_id: tenantId, version_id: versionId }
  await insertVersion(tx, key, { documentId: current.id, version, broughtAs }, content)
  await updateFields(tx, tenantId, current, publication)
  await tx.run(sql`
    update app.document
    set current_version = ${version}, current_version_id = ${versionId}, title = ${content.title},
      format = ${content.format}, updated_at = now()
    where tenant_id = ${tenantId} and id = ${current.id}`)
  await stage?.(tx, key)
  await removeVersion(tx, { tenant_id: tenantId, version_id: current.current_version_id }, current.language)
  await showVersion(tx, key, content.language)
  return { outcome: 'updated', documentId: current.id, version }
}

type FieldValues = {
  tenant_id: string
  document_id: string
  file_type: FileType
  language: Language
} & Record<'has_name' | 'has_labels' | 'has_collection', boolean> &
  Record<'name' | 'labels' | 'collection' | 'metadata', unknown>
const setFields = sqlFile<FieldValues, never>(import.meta.url, './update-fields.sql')

/** Sets the fields that are given and differ; true when one did. */
async function updateFields(
  tx: Writer,
  tenantId: string,
  { id }: Current,
  { fields: { name, labels, collection, metadata }, content: { fileType, language } }: Publication,
): Promise<boolean> {
  const key = { tenant_id: tenantId, document_id: id }
  const given = {
    has_name: name !== undefined,
    has_labels: labels !== undefined,
    has_collection: collection !== undefined,
    name: name ?? null,
    labels: labels ?? [],
    collection: collection ?? null,
    metadata: metadata === undefined ? null : JSON.stringify(metadata),
  }
  const changed = await tx.run(setFields({ ...key, ...given, file_type: fileType, language }))
  if (changed > 0) await insertFields(tx, key)
  return changed > 0
}

async function insertVersion(
  tx: Writer,
  { tenant_id, version_id }: VersionKey,
  place: { readonly documentId: string; readonly version: number; readonly broughtAs: string },
  content: VersionContent,
): Promise<void> {
  const { documentId, version, broughtAs } = place
  const { title, format, contentHash, characters, pageStarts, warnings, blobId, sourceHash } = content
  await tx.run(sql`
    insert into app.document_version (tenant_id, document_id, version, id, brought_as, title, format, content_hash, characters,
      page_starts, warnings, blob_id, source_hash)
    values (${tenant_id}, ${documentId}, ${version}, ${version_id}, ${broughtAs}, ${title}, ${format}, ${contentHash}, ${characters},
      ${pageStarts}::int[], ${warnings}::text[], ${blobId}, ${sourceHash})`)
}
