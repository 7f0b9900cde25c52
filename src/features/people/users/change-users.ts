// Every change to the users of a tenant goes through here: one at a time in a tenant, by somebody whose role reaches
// as far, and never so that the last enabled owner goes.
import type { WriteCall } from '../../../gate/call.ts'
import type { UserRole } from '../../../gate/roles.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { authorityOf, reaches } from './authority.ts'
import { findUser, type User } from './user-rows.ts'

const PEOPLE = 7_474_021

export interface UserChange {
  readonly tx: Writer
  readonly tenantId: string
  /** Throws `forbidden` when the caller may neither give nor take away that role. */
  requireReach(role: UserRole): void
  /** The user, if the caller's role reaches it; throws `not_found` or `forbidden`. */
  reachable(id: string): Promise<User>
  /** Throws `conflict` when the user is the one enabled owner. */
  requireOtherOwner(user: User): Promise<void>
}

/** Runs `change` in the call's transaction; `refreshTrust` lets this process know of it before the caller is answered. */
export async function changeUsers<T>(
  call: WriteCall,
  refreshTrust: () => Promise<void>,
  change: (users: UserChange) => Promise<T>,
): Promise<T> {
  const { tenantId } = call.principal
  const result = await call.write(async tx => {
    // Held until the commit: of two owners who remove each other, the second sees what the first has done.
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${tenantId}, ${PEOPLE}))`)
    return change(await userChange(tx, call.principal))
  })
  await refreshTrust()
  return result
}

async function userChange(tx: Writer, principal: WriteCall['principal']): Promise<UserChange> {
  const { tenantId, subject } = principal
  // Its role of this moment: what authentication knows may be a second old.
  const self = await tx.first(
    sql<{
      role: UserRole
    }>`select role from app.tenant_user where tenant_id = ${tenantId} and id = ${subject}`,
  )
  const authority = authorityOf(principal, self?.role)
  if (authority === undefined)
    throw fault('forbidden', { say: 'Your role may not change users.', reason: 'insufficient_role' })
  const requireReach = (role: UserRole): void => {
    if (reaches(authority, role)) return
    throw fault('forbidden', {
      say: `You act as ${authority} here: only an ${role} can give, take away or change the role ${role}.`,
      reason: 'insufficient_role',
    })
  }
  return {
    tx,
    tenantId,
    requireReach,
    async reachable(id) {
      const user = await findUser(tx, tenantId, id)
      requireReach(user.role)
      return user
    },
    requireOtherOwner: user => requireOtherOwner(tx, tenantId, user),
  }
}

async function requireOtherOwner(tx: Writer, tenantId: string, { id, role, status }: User): Promise<void> {
  if (role !== 'owner' || status === 'disabled') return
  const other = await tx.first(sql`
    select from app.tenant_user
    where tenant_id = ${tenantId} and role = 'owner' and disabled_at is null and id <> ${id} limit 1`)
  if (other !== undefined) return
  throw fault('conflict', {
    say: `"${id}" is the last owner who is not disabled: make somebody else an owner first.`,
    reason: 'last_owner',
  })
}
