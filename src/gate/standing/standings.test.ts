import { describe, expect, test } from 'vitest'
import type { Statement, Reader } from '../../platform/db/database.ts'
import { onWire } from '../../platform/db/statements.ts'
import type { TenantPrincipal } from '../call.ts'
import { applyStanding } from './apply-standing.ts'
import { standings } from './standings.ts'

const at = (seconds: number) => new Date(seconds * 1_000)
const user = (user_id: string, role: string, changed: number, more: object = {}) => ({
  tenant_of: 'a',
  user_id,
  role,
  is_disabled: false,
  again_at: null,
  changed_at: at(changed),
  ...more,
})
const tenant = (status: string, changed: number) => ({ id: 'a', status, changed_at: at(changed) })

/** Answers one reading with these rows and keeps what was asked for. */
async function reading(known: ReturnType<typeof standings>, users: unknown[], tenants: unknown[]) {
  const asked: Record<string, Date> = {}
  const all = async (statement: Statement): Promise<unknown[]> => {
    const { text, values = [] } = onWire(statement)
    const table = text.includes('user_standing') ? 'users' : 'tenants'
    asked[table] = new Date(String(values[0]))
    return table === 'users' ? users : tenants
  }
  await known.load({ all } as unknown as Reader, 0)
  return asked
}

const principal: TenantPrincipal = Object.freeze({
  realm: 'tenant',
  tenantId: 'a',
  subject: 'ada',
  scopes: new Set(['documents:read', 'documents:write', 'users:write']),
  tokenId: 'jti',
  expiresAt: 4_102_444_800,
})

describe('how users and tenants stand', () => {
  test('the first reading asks for everything, the next for what changed and the minute before', async () => {
    const known = standings()
    const first = await reading(known, [user('ada', 'admin', 1_000)], [tenant('active', 2_000)])
    expect(first).toEqual({ users: at(0), tenants: at(0) })
    expect(await reading(known, [], [])).toEqual({ users: at(940), tenants: at(1_940) })
  })

  test('the newest row of a user and of a tenant counts; others are as nobody described them', async () => {
    const known = standings()
    await reading(known, [user('ada', 'admin', 1)], [tenant('suspended', 1)])
    expect(known.standingOf('a', 'ada')).toEqual({
      role: 'admin',
      isDisabled: false,
      tenantIsActive: false,
      tokensFrom: 0,
    })
    await reading(
      known,
      [user('ada', 'reader', 2, { is_disabled: true, again_at: at(1.9) })],
      [tenant('active', 2)],
    )
    const now = { role: 'reader', isDisabled: true, tenantIsActive: true, tokensFrom: 1 }
    expect(known.standingOf('a', 'ada')).toEqual(now)
    const nobody = { role: undefined, isDisabled: false, tenantIsActive: true, tokensFrom: 0 }
    expect([known.standingOf('a', 'eve'), known.standingOf('b', 'ada')]).toEqual([nobody, nobody])
  })
})

test('a tenant that is being made is left to the database; one that is being removed is not let in', async () => {
  const known = standings()
  await reading(known, [], [tenant('provisioning', 1)])
  expect(known.standingOf('a', 'ada').tenantIsActive).toBe(true)
  await reading(known, [], [tenant('removing', 2)])
  expect(known.standingOf('a', 'ada').tenantIsActive).toBe(false)
})

describe('what is left of a credential', () => {
  const active = { isDisabled: false, tenantIsActive: true, tokensFrom: 0 }

  test('its scopes within those of the role; all of them where there is no role', () => {
    expect(applyStanding(principal, { ...active, role: undefined })).toBe(principal)
    expect(applyStanding(principal, { ...active, role: 'owner' })).toBe(principal)
    const left = applyStanding(principal, { ...active, role: 'reader' })
    expect(left).toEqual({ ...principal, scopes: new Set(['documents:read']) })
    expect(Object.isFrozen(left)).toBe(true)
  })

  test('nothing when the user is disabled or the tenant is not active', () => {
    const refusal = (reason: string) => expect.objectContaining({ code: 'unauthenticated', reason }) as object
    expect(() => applyStanding(principal, { ...active, role: 'owner', isDisabled: true })).toThrow(
      refusal('user_disabled'),
    )
    expect(() => applyStanding(principal, { ...active, role: undefined, tenantIsActive: false })).toThrow(
      refusal('tenant_inactive'),
    )
  })

  test('nothing when it is a token from before the id was given again; one of that second on is good', () => {
    const again = { ...active, role: 'owner', tokensFrom: 1_000 } as const
    expect(() => applyStanding(principal, again, 999)).toThrow(
      expect.objectContaining({ code: 'unauthenticated', reason: 'revoked' }) as object,
    )
    expect(applyStanding(principal, again, 1_000)).toBe(principal)
    expect(applyStanding(principal, again)).toBe(principal)
  })
})
