// Groups as callers see them, how they are named in an input, and their rows.
import { z } from 'zod'
import type { Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault, type Fault } from '../../../platform/faults.ts'

export const groupShape = z.strictObject({
  id: z.string(),
  name: z.string(),
  members: z.int().describe('How many users are in it.'),
  created_at: z.iso.datetime(),
})

export type Group = z.output<typeof groupShape>

interface GroupRow extends Omit<Group, 'created_at'> {
  readonly created_at: Date
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const groupRef = z.string().min(1).max(100).describe("The group's id or name.")

/** 1 to 100 characters, none invisible, no space at either end. */
export const groupName = z
  .string()
  .regex(/^(?!\s)[^\p{C}\p{Zl}\p{Zp}]{1,100}(?<!\s)$/u, 'must be 1 to 100 visible characters')
  .refine(name => !UUID.test(name), 'must not look like an id')

const columns = sql`g.id, g.name, g.created_at,
  (select count(*)::int from app.group_member m where m.tenant_id = g.tenant_id and m.group_id = g.id) as members`

/** The group with this id or name; `not_found` when the tenant has none. */
export async function findGroup(tx: Reader, tenantId: string, ref: string): Promise<Group> {
  const named = UUID.test(ref) ? sql`g.id = ${ref.toLowerCase()}` : sql`g.name = ${ref}`
  const row = await tx.first(
    sql<GroupRow>`select ${columns} from app.user_group g where g.tenant_id = ${tenantId} and ${named}`,
  )
  if (row === undefined)
    throw fault('not_found', { say: `There is no group "${ref}".`, reason: 'unknown_group' })
  return asGroup(row)
}

/** Up to `limit` groups whose names come after that one. */
export async function groupsAfter(
  tx: Reader,
  tenantId: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<Group[]> {
  const rows = await tx.all(sql<GroupRow>`
    select ${columns} from app.user_group g where g.tenant_id = ${tenantId} and g.name > ${after}
    order by g.name limit ${limit}`)
  return rows.map(asGroup)
}

/** The groups a user is in. */
export async function groupsOf(
  tx: Reader,
  tenantId: string,
  userId: string,
): Promise<{ id: string; name: string }[]> {
  return tx.all(sql<{ id: string; name: string }>`
    select g.id, g.name from app.group_member m
    join app.user_group g on g.tenant_id = m.tenant_id and g.id = m.group_id
    where m.tenant_id = ${tenantId} and m.user_id = ${userId} order by g.name`)
}

export function nameTaken(name: string): Fault {
  return fault('conflict', { say: `A group "${name}" exists; choose another name.`, reason: 'group_exists' })
}

function asGroup(row: GroupRow): Group {
  return { ...row, created_at: row.created_at.toISOString() }
}
