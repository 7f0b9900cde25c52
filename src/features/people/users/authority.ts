// Who may do what to whom: nobody gives, takes away or touches a role above their own. Pure.
import type { TenantPrincipal } from '../../../gate/call.ts'
import { ROLE_SCOPES, USER_ROLES, type UserRole } from '../../../gate/roles.ts'

/**
 * The role a caller acts as when it changes users: its own, where it has one, and never more than its credential says.
 * Undefined for those who may change nobody. `role` is what the caller's row says now, inside the same transaction.
 */
export function authorityOf(
  { scopes }: Pick<TenantPrincipal, 'scopes'>,
  role: UserRole | undefined,
): UserRole | undefined {
  if (!scopes.has('users:write')) return undefined
  if (role !== undefined && !(ROLE_SCOPES[role] as readonly string[]).includes('users:write'))
    return undefined
  // A narrow credential of an owner manages users as an admin does.
  const isWhole = ROLE_SCOPES.owner.every(scope => scopes.has(scope))
  return isWhole && (role === undefined || role === 'owner') ? 'owner' : 'admin'
}

/** Whether `authority` reaches up to `role`. */
export function reaches(authority: UserRole, role: UserRole): boolean {
  return USER_ROLES.indexOf(role) <= USER_ROLES.indexOf(authority)
}
