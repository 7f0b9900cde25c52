// What a user's role allows. A credential never allows more than the role of the user it speaks for.
import type { TenantPrincipal } from './call.ts'
import type { Right } from '../platform/db/database.ts'
import { SCOPE_NAMES, type Scope } from './scopes.ts'

const READER = ['documents:read', 'tasks:read', 'tasks:write'] as const satisfies readonly Scope[]
const MEMBER = [...READER, 'documents:write', 'keys:write'] as const satisfies readonly Scope[]
/** What a tenant may spend at all is not for the tenant to say. */
const OWNER = SCOPE_NAMES.filter(scope => scope !== 'budgets:grant')
const ADMIN = OWNER.filter(scope => scope !== 'tenant:write')

/** Each role has what the one before it has. Owners and admins read all: they can change every access list anyway. */
export const ROLE_SCOPES = {
  reader: READER,
  member: MEMBER,
  admin: ADMIN,
  owner: OWNER,
} as const satisfies Record<string, readonly Scope[]>

export type UserRole = keyof typeof ROLE_SCOPES

export const USER_ROLES = Object.keys(ROLE_SCOPES) as [UserRole, ...UserRole[]]

/** Whether the principal sees every document of its tenant or those that access lists open to it. */
export function readsOf({ scopes }: Pick<TenantPrincipal, 'scopes'>): 'all' | 'listed' {
  return scopes.has('documents:read_all') ? 'all' : 'listed'
}

/** What the principal's transactions may do that others' may not, whatever SQL they run. */
export function rightsOf({ scopes }: Pick<TenantPrincipal, 'scopes'>): Right[] {
  return RIGHTS.flatMap(([scope, right]) => (scopes.has(scope) ? [right] : []))
}

const RIGHTS: readonly (readonly [Scope, Right])[] = [
  ['users:write', 'people'],
  ['budgets:write', 'budgets'],
  ['budgets:grant', 'grants'],
]
