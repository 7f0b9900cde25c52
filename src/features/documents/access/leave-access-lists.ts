// Takes a user or a group that is going off the access lists of all documents.
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'

/** `tx` is the tenant's; also documents that the caller may not read are moved to the lists without that member. */
export async function leaveAccessLists(
  tx: Writer,
  member: { readonly kind: 'user' | 'group'; readonly id: string },
): Promise<void> {
  await tx.run(sql`select app.leave_access(${member.kind}, ${member.id})`)
}
