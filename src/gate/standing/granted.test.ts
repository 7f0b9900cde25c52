import { describe, expect, test } from 'vitest'
import type { Writer } from '../../platform/db/database.ts'
import { grants, type Granted } from './granted.ts'
import type { Standing } from './standings.ts'

const granted: Granted = {
  tenantId: 'a',
  subject: 'ada',
  scopes: ['documents:read', 'documents:write'],
  tokenId: 'jti',
  acceptedAt: 1_000,
}
const good: Standing = { role: 'owner', isDisabled: false, tenantIsActive: true, tokensFrom: 0 }

function known({ standing = good, isRevoked = false, isRevokedInDatabase = false } = {}) {
  return grants({
    database: {
      system: (_why, fn) =>
        fn({ first: async () => (isRevokedInDatabase ? {} : undefined) } as unknown as Writer),
    },
    trust: { isRevoked: () => isRevoked, requireFresh: () => undefined },
    standings: { standingOf: () => standing },
  })
}
const ended = expect.objectContaining({ code: 'unauthenticated', reason: 'auth_expired' }) as Error

describe('what goes on on behalf of somebody', () => {
  test('has the scopes it was granted, within those of the role that its user has now', () => {
    expect([...known().standing(granted).scopes]).toEqual(granted.scopes)
    const reader = known({ standing: { ...good, role: 'reader' } })
    expect([...reader.standing(granted).scopes]).toEqual(['documents:read'])
  })

  test('outlives its credential', () => {
    expect(known().standing(granted).expiresAt * 1_000).toBeGreaterThan(Date.parse('9999-01-01'))
  })

  test.each<[what: string, how: Parameters<typeof known>[0]]>([
    ['a revoked credential', { isRevoked: true }],
    ['a disabled user', { standing: { ...good, isDisabled: true } }],
    ['a suspended tenant', { standing: { ...good, tenantIsActive: false } }],
    ['a user whose id is somebody else’s by now', { standing: { ...good, tokensFrom: 1_001 } }],
  ])('ends with %s', (_what, how) => {
    expect(() => known(how).standing(granted)).toThrow(ended)
  })

  test('taken up anew, it ends also with a revocation that no process remembers', async () => {
    await expect(known({ isRevokedInDatabase: true }).reload(granted)).rejects.toEqual(ended)
    await expect(known().reload(granted)).resolves.toMatchObject({ subject: 'ada' })
  })
})
