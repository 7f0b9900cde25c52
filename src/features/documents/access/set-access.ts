// Writes down who may read a document. Equal lists are one row that never changes (interned.fn.sql makes them), so a
// change is a change of the document's one row.
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { AccessList } from './access-list.ts'

/** The document in its tenant. */
export type DocumentKey = { readonly tenantId: string; readonly documentId: string }

/** True when that was a change. After the document is locked, and after its words are counted, if they are. */
export async function setAccess(
  tx: Writer,
  { tenantId, documentId }: DocumentKey,
  access: AccessList,
): Promise<boolean> {
  const id = access === 'everyone' ? null : await interned(tx, access)
  const changed = await tx.run(sql`
    update app.document set access_id = ${id}::int
    where tenant_id = ${tenantId} and id = ${documentId} and access_id is distinct from ${id}::int`)
  await forgetUnusedAccess(tx)
  return changed > 0
}

/** Removes the tenant's lists that no document names any more. */
export async function forgetUnusedAccess(tx: Writer): Promise<void> {
  await tx.run(sql`select app.forget_unused_access()`)
}

async function interned(tx: Writer, { users, groups }: Exclude<AccessList, 'everyone'>): Promise<number> {
  const [row] = await tx.all(sql<{ id: number }>`
    select app.intern_access(${[...users]}::text[], ${[...groups]}::uuid[]) as id`)
  return Number(row?.id)
}
