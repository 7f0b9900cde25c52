// The write transactions of a document. What they take is prepared before; each is one document's alone, and
// short: a search before the commit sees the old state, a search after it the new one, a kill changes nothing.
import type { Writer } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'
import { uuidv7 } from '../../platform/uuid-v7.ts'
import { indexChunks, unindexChunks, type DocumentKey } from './index-chunks.ts'
import type { PreparedDocument } from './prepare-document.ts'

/** Publishes a new document as version 1 and returns its id; `conflict` when its external_id is taken. */
export async function publishDocument(
  tx: Writer,
  tenantId: string,
  document: PreparedDocument,
): Promise<string> {
  const key = { tenant_id: tenantId, document_id: uuidv7() }
  const { externalId, title, format, labels } = document
  const inserted = await tx.run(sql`
    insert into app.document (tenant_id, id, external_id, title, format, labels, current_version)
    values (${tenantId}, ${key.document_id}, ${externalId}, ${title}, ${format}, ${labels}, 1)
    on conflict (tenant_id, external_id) do nothing`)
  if (inserted === 0) {
    throw fault('conflict', {
      reason: 'external_id_taken',
      say: `A document with the external_id ${JSON.stringify(externalId)} is already there: delete it first, or use another.`,
    })
  }
  await insertVersion(tx, key, 1, document)
  await indexChunks(tx, key, 1, document)
  return key.document_id
}

/** Publishes the next version of a document and returns its number; undefined when there is no such document. */
export async function republishDocument(
  tx: Writer,
  key: DocumentKey,
  document: PreparedDocument,
): Promise<number | undefined> {
  const { title, format, labels } = document
  const updated = await tx.first(sql<{ version: number }>`
    update app.document
    set current_version = current_version + 1, title = ${title}, format = ${format}, labels = ${labels}, updated_at = now()
    where tenant_id = ${key.tenant_id} and id = ${key.document_id}
    returning current_version as version`)
  if (updated === undefined) return undefined
  await insertVersion(tx, key, updated.version, document)
  await unindexChunks(tx, key)
  await indexChunks(tx, key, updated.version, document)
  return updated.version
}

/** Removes a document with all its versions; false when there is no such document. */
export async function withdrawDocument(tx: Writer, key: DocumentKey): Promise<boolean> {
  const deleted = await tx.run(
    sql`delete from app.document where tenant_id = ${key.tenant_id} and id = ${key.document_id}`,
  )
  if (deleted === 0) return false
  await unindexChunks(tx, key)
  return true
}

async function insertVersion(
  tx: Writer,
  key: DocumentKey,
  version: number,
  document: PreparedDocument,
): Promise<void> {
  await tx.run(sql`
    insert into app.document_version (tenant_id, document_id, version, content, content_hash)
    values (${key.tenant_id}, ${key.document_id}, ${version}, ${document.content}, ${document.contentHash})`)
}
