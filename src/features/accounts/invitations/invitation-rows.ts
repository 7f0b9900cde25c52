// Invitations as callers see them, and their rows. The secret of a link is in no row; its SHA-256 is.
import { z } from 'zod'
import { ROLE_SCOPES, USER_ROLES, type UserRole } from '../../../gate/roles.ts'
import { sqlFile, tables } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'

export const invitationShape = z.strictObject({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  user_id: z.string().describe('Who it will be: the subject of its calls.'),
  role: z.enum(USER_ROLES),
  invited_by: z.string(),
  status: z.enum(['open', 'accepted', 'expired']),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
})

export interface InvitationRow {
  readonly tenant_id: string
  readonly id: string
  readonly email: string
  readonly user_id: string
  readonly name: string
  readonly role: UserRole
  readonly secret_hash: Buffer
  readonly invited_by: string
  readonly created_at: Date
  readonly expires_at: Date
  readonly accepted_at: Date | null
}

/** How long the link of an invitation works. */
export const INVITED_FOR_S = 7 * 86_400

export const insertInvitation = sqlFile<
  Omit<InvitationRow, 'created_at' | 'expires_at' | 'accepted_at'> & { lifetime_s: number },
  InvitationRow
>(import.meta.url, 'insert-invitation.sql')

export const invitations = tables<{ invitation: InvitationRow }>()

export function shownInvitation(row: InvitationRow): z.output<typeof invitationShape> {
  const { id, email, name, user_id, role, invited_by } = row
  const unused = row.expires_at.getTime() > Date.now() ? 'open' : 'expired'
  return {
    id,
    email,
    name,
    user_id,
    role,
    invited_by,
    status: row.accepted_at === null ? unused : 'accepted',
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
  }
}

/** Nobody hands out what they do not have themselves, by this credential. */
export function requireMayGive(role: UserRole, scopes: ReadonlySet<string>): void {
  if (ROLE_SCOPES[role].every(scope => scopes.has(scope))) return
  throw fault('forbidden', {
    say: `You may not give the role ${role}: it is above yours.`,
    reason: 'insufficient_role',
  })
}
