// Who may read a document, as it is shown: in the words in which it can be set again.
import { z } from 'zod'
import type { Reader } from '../../../platform/db/database.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import type { DocumentKey } from './set-access.ts'

export const ShownAccess = z.union([
  z.literal('everyone'),
  z.strictObject({
    users: z.array(z.string()).describe('Ids of users.'),
    groups: z
      .array(z.string())
      .describe('Names of groups; the id of one that is gone, or whose name is an id.'),
  }),
])

const accessRow = sqlFile<
  { tenant_id: string; document_id: string },
  { closed: boolean; users: string[]; groups: string[] }
>(import.meta.url, './shown-access.sql')

type Shown = z.input<typeof ShownAccess>

/** Undefined when there is no such document for the caller. */
export async function accessOf(
  tx: Reader,
  { tenantId, documentId }: DocumentKey,
): Promise<Shown | undefined> {
  const row = await tx.first(accessRow({ tenant_id: tenantId, document_id: documentId }))
  if (row === undefined) return undefined
  return row.closed ? { users: row.users, groups: row.groups } : 'everyone'
}
