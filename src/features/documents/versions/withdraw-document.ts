// Removes a document with all its versions, their text and the files they were read from.
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { Language } from '../text/language.ts'
import { forgetUnusedAccess } from '../access/set-access.ts'
import { endIngestionsOf } from '../ingest/end-ingestions.ts'
import { lockDocument } from './publish-version.ts'
import { removeVersion } from './remove-version.ts'

/** The document in its tenant. */
export type DocumentKey = { readonly tenant_id: string; readonly document_id: string }

/** False when there is no such document. */
export async function withdrawDocument(
  tx: Writer,
  { tenant_id, document_id }: DocumentKey,
): Promise<boolean> {
  const named = await tx.first(sql<{ externalId: string | null }>`
    select external_id as "externalId" from app.document
    where tenant_id = ${tenant_id} and id = ${document_id}`)
  if (named === undefined) return false
  const brought = await endIngestionsOf(tx, tenant_id, {
    documentId: document_id,
    externalId: named.externalId,
  })
  await lockDocument(tx, tenant_id, { documentId: document_id })
  const document = await tx.first(sql<{ version_id: string; language: Language; closed: boolean }>`
    select current_version_id as version_id, language, access_id is not null as closed from app.document
    where tenant_id = ${tenant_id} and id = ${document_id}`)
  if (document === undefined) return false
  await tx.run(sql`
    delete from app.version_text t using app.document_version v
    where t.tenant_id = ${tenant_id} and v.tenant_id = ${tenant_id}
      and v.document_id = ${document_id} and t.version_id = v.id`)
  const files = await filesOf(tx, { tenant_id, document_id }, brought)
  await tx.run(sql`delete from app.document where tenant_id = ${tenant_id} and id = ${document_id}`)
  await deleteUnused(tx, tenant_id, files)
  await removeVersion(tx, { tenant_id, version_id: document.version_id }, document.language)
  if (document.closed) await forgetUnusedAccess(tx)
  return true
}

/** The files its versions were read from, and those that were brought for it, held: of two documents of one file that go at once, the second deletes it. */
async function filesOf(
  tx: Writer,
  { tenant_id, document_id }: DocumentKey,
  brought: readonly string[],
): Promise<string[]> {
  const rows = await tx.all(sql<{ id: string }>`
    select b.id from app.blob b
    where b.tenant_id = ${tenant_id} and (b.id = any(${brought}::uuid[]) or b.id in (
      select v.blob_id from app.document_version v where v.tenant_id = ${tenant_id} and v.document_id = ${document_id}))
    order by b.id for update`)
  return rows.map(({ id }) => id)
}

/** A file may have been added twice: it stays while a version was read from it or an ingestion waits for it. */
async function deleteUnused(tx: Writer, tenantId: string, files: readonly string[]): Promise<void> {
  await tx.run(sql`
    delete from app.blob b
    where b.tenant_id = ${tenantId} and b.id = any(${files}::uuid[])
      and b.id not in (select app.used_blobs(${files}::uuid[]))`)
}
