// Users as callers see them, how they are named in an input, and their rows.
import { z } from 'zod'
import { USER_ROLES, type UserRole } from '../../../gate/roles.ts'
import { RESERVED_SUBJECT, SUBJECT } from '../../../gate/tokens/access-token.ts'
import type { Reader } from '../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../platform/db/statements.ts'
import { fault, type Fault } from '../../../platform/faults.ts'

export const userRole = z.enum(USER_ROLES, `must be one of ${USER_ROLES.join(', ')}`)

export const userShape = z.strictObject({
  id: z.string().describe('The subject of its tokens.'),
  name: z.string(),
  email: z.string().nullable(),
  role: z.enum(USER_ROLES),
  status: z.enum(['active', 'disabled']),
  created_at: z.iso.datetime(),
})

export type User = z.output<typeof userShape>

/** Names the user an operation is about. */
export const userId = z
  .string()
  .regex(SUBJECT, 'must be 1 to 200 visible characters')
  .describe("The user's id.")

export const newUserId = userId.refine(
  id => !RESERVED_SUBJECT.test(id),
  'must not begin with gatehouse:, service: or operator:',
)

export const userName = z.string().regex(SUBJECT, 'must be 1 to 200 visible characters')

export const userEmail = z.email('must be an e-mail address').max(254)

/** Equal addresses are spelt in one way. */
export const spelledEmail = (email: string): string => email.toLowerCase()

interface UserRow {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly role: UserRole
  readonly disabled_at: Date | null
  readonly created_at: Date
}

export const userColumns = sql`id, name, email, role, disabled_at, created_at`

export function asUser({ disabled_at, created_at, ...row }: UserRow): User {
  return {
    ...row,
    status: disabled_at === null ? 'active' : 'disabled',
    created_at: created_at.toISOString(),
  }
}

/** The user of that id; `not_found` when the tenant has none. */
export async function findUser(tx: Reader, tenantId: string, id: string): Promise<User> {
  const row = await tx.first(
    sql<UserRow>`select ${userColumns} from app.tenant_user where tenant_id = ${tenantId} and id = ${id}`,
  )
  if (row === undefined) throw unknownUser(id)
  return asUser(row)
}

/** Which users a page has; null lets all through. */
export interface UsersAsked {
  readonly after: string
  readonly group_id: string | null
  readonly role: UserRole | null
  readonly is_disabled: boolean | null
  /** A part of the id, name or e-mail address. */
  readonly find: string | null
  readonly limit: number
}

const usersPage = sqlFile<
  { tenant_id: string } & { [name in keyof UsersAsked]: UsersAsked[name] },
  UserRow & { readonly groups: string[] }
>(import.meta.url, 'users-after.sql')

export type ListedUser = User & { readonly groups: readonly string[] }

/** Up to `limit` users after that id, in the order of their ids, each with the names of its groups. */
export async function usersAfter(tx: Reader, tenantId: string, asked: UsersAsked): Promise<ListedUser[]> {
  const rows = await tx.all(usersPage({ tenant_id: tenantId, ...asked }))
  return rows.map(({ groups, ...row }) => ({ ...asUser(row), groups }))
}

export function unknownUser(id: string): Fault {
  return fault('not_found', { say: `There is no user "${id}".`, reason: 'unknown_user' })
}

export function emailTaken(email: string): Fault {
  return fault('conflict', {
    say: `Another user has the e-mail address ${email}; give a different one.`,
    reason: 'email_taken',
  })
}
