// What a user's role allows. A credential never allows more than the role of the user it speaks for.
import type { TenantPrincipal } from './call.ts'
import { SCOPE_NAMES, type Scope } from './scopes.ts'

const READER = ['documents:read'] as const satisfies readonly Scope[]
const MEMBER = [...READER, 'documents:write', 'keys:write'] as const satisfies readonly Scope[]
const ADMIN = SCOPE_NAMES.filter(scope => scope !== 'tenant:write')

/** Each role has what the one before it has. Owners and admins read all: they can change every access list anyway. */
export const ROLE_SCOPES = {
  reader: READER,
  member: MEMBER,
  admin: ADMIN,
  owner: SCOPE_NAMES,
} as const satisfies Record<string, readonly Scope[]>

export type UserRole = keyof typeof ROLE_SCOPES

export const USER_ROLES = Object.keys(ROLE_SCOPES) as [UserRole, ...UserRole[]]

/** Whether the principal sees every document of its tenant or those that access lists open to it. */
export function readsOf({ scopes }: Pick<TenantPrincipal, 'scopes'>): 'all' | 'listed' {
  return scopes.has('documents:read_all') ? 'all' : 'listed'
}
