import { describe, expect, test } from 'vitest'
import { ROLE_SCOPES, USER_ROLES, type UserRole } from '../../../gate/roles.ts'
import { authorityOf, reaches } from './authority.ts'

const holding = (scopes: readonly string[]) => ({ scopes: new Set(scopes) })

describe('who manages users, and up to whom', () => {
  test.each([
    ['an owner with all scopes', ROLE_SCOPES.owner, 'owner', 'owner'],
    ['an owner with a narrow credential', ['users:write'], 'owner', 'admin'],
    ['an admin, whatever its credential says', ROLE_SCOPES.owner, 'admin', 'admin'],
    ['a member whose credential says more', ROLE_SCOPES.owner, 'member', undefined],
    ['a reader whose credential says more', ROLE_SCOPES.owner, 'reader', undefined],
    ['an owner without users:write', ['users:read'], 'owner', undefined],
    ['nobody we know, by a whole credential', ROLE_SCOPES.owner, undefined, 'owner'],
    ['nobody we know, by a narrow one', ['users:write'], undefined, 'admin'],
    ['nobody we know, who may read', ['documents:read'], undefined, undefined],
  ] as const)('%s', (_who, scopes, role, authority) => {
    expect(authorityOf(holding(scopes), role)).toBe(authority)
  })

  test('nobody reaches above their own role', () => {
    const reached = (authority: UserRole) => USER_ROLES.filter(role => reaches(authority, role))
    expect(reached('admin')).toEqual(['reader', 'member', 'admin'])
    expect(reached('owner')).toEqual(USER_ROLES)
  })
})
