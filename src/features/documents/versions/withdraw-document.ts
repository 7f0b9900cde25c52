// Removes a document with all its versions, their text and the files they were read from.
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { Language } from '../text/language.ts'
import { removeVersion } from './remove-version.ts'

/** The document in its tenant. */
export type DocumentKey = { readonly tenant_id: string; readonly document_id: string }

/** False when there is no such document. */
export async function withdrawDocument(
  tx: Writer,
  { tenant_id, document_id }: DocumentKey,
): Promise<boolean> {
  const document = await tx.first(sql<{ version_id: string; language: Language }>`
    select current_version_id as version_id, language from app.document
    where tenant_id = ${tenant_id} and id = ${document_id} for update`)
  if (document === undefined) return false
  await tx.run(sql`
    delete from app.version_text t using app.document_version v
    where t.tenant_id = ${tenant_id} and v.tenant_id = ${tenant_id}
      and v.document_id = ${document_id} and t.version_id = v.id`)
  // A file may have been added twice: it stays while a version of another document was read from it.
  await tx.run(sql`
    delete from app.blob b using app.document_version v
    where b.tenant_id = ${tenant_id} and v.tenant_id = ${tenant_id}
      and v.document_id = ${document_id} and b.id = v.blob_id
      and not exists (
        select from app.document_version o
        where o.tenant_id = ${tenant_id} and o.blob_id = b.id and o.document_id <> ${document_id})`)
  await tx.run(sql`delete from app.document where tenant_id = ${tenant_id} and id = ${document_id}`)
  await removeVersion(tx, { tenant_id, version_id: document.version_id }, document.language)
  return true
}
