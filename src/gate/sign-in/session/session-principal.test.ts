import { describe, expect, test } from 'vitest'
import { ROLE_SCOPES } from '../../roles.ts'
import { Fault } from '../../../platform/faults.ts'
import { sessionPrincipal, type SessionFacts } from './session-principal.ts'

const digest = Buffer.from('00112233445566778899', 'hex')
const facts: SessionFacts = {
  account_id: 'a',
  email: 'ada@example.com',
  name: 'Ada',
  is_operator: false,
  tenant_of: '018f3e2a-0000-7000-8000-00000000000a',
  expires_at: new Date(1_800_000_000_000),
  user_id: 'ada',
  role: 'member',
  is_disabled: false,
  tenant_is_active: true,
}

describe('a session', () => {
  test('acts as the user of its tenant, with what its role allows now', () => {
    expect(sessionPrincipal(facts, digest)).toEqual({
      realm: 'tenant',
      tenantId: facts.tenant_of,
      subject: 'ada',
      scopes: new Set(ROLE_SCOPES.member),
      tokenId: 'session:001122334455',
      expiresAt: 1_800_000_000,
    })
  })

  test('without a tenant acts for the deployment when its account is an operator', () => {
    const none = { ...facts, tenant_of: null, user_id: null, role: null }
    expect(sessionPrincipal({ ...none, is_operator: true }, digest)).toEqual({
      realm: 'deployment',
      subject: 'operator:ada@example.com',
    })
    expect(() => sessionPrincipal(none, digest)).toThrow(Fault)
  })

  test.each([
    ['a disabled user', { is_disabled: true }],
    ['an inactive tenant', { tenant_is_active: false }],
    ['a user that was never described', { user_id: 'ada', role: null, is_disabled: true }],
    ['no user in the tenant', { user_id: null, role: null, is_disabled: true }],
  ])('of %s acts for nobody, an operator neither', (_, change) => {
    for (const is_operator of [false, true])
      expect(() => sessionPrincipal({ ...facts, ...change, is_operator }, digest)).toThrow(
        expect.objectContaining({ code: 'unauthenticated' }),
      )
  })
})
