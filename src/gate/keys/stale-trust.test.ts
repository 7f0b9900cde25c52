import { expect, test, vi } from 'vitest'
import { fault, type Fault } from '../../platform/faults.ts'
import { authenticators } from '../authenticate.ts'
import type { TenantPrincipal } from '../call.ts'
import { unauthenticated } from '../tokens/unauthenticated.ts'
import { newKey } from './key-text.ts'

const KEY = newKey('tenant').text
const OPERATOR_KEY = newKey('operator').text

/** A door where one key allows `scopes`; what is known is too old for changes, and `renew` says what comes of reading. */
function staleDoor(scopes: readonly string[], renew: () => Promise<boolean>) {
  const principal: TenantPrincipal = {
    realm: 'tenant',
    tenantId: '0198c0de-0000-7000-8000-00000000000a',
    subject: 'ada',
    scopes: new Set(scopes),
    tokenId: 'key:1',
    expiresAt: 4_102_444_800,
  }
  const at = { isRevoked: false, renew: vi.fn<() => Promise<boolean>>(renew) }
  const letIn = async <Caller>(caller: Caller): Promise<Caller> => {
    if (at.isRevoked) throw unauthenticated('revoked')
    return caller
  }
  const door = authenticators({
    trust: {
      requireFresh: () => undefined,
      renew: () => at.renew(),
      key: () => undefined,
      lookFor: async () => undefined,
      isRevoked: () => false,
    },
    issuer: 'https://gatehouse.test',
    audience: 'https://gatehouse.test/mcp',
    keys: {
      tenant: () => letIn(principal),
      operator: () => letIn({ realm: 'deployment', subject: 'operator:key:1' } as const),
    },
  })
  const outcome = (entering: Promise<unknown>): Promise<string> =>
    entering.then(
      () => 'accepted',
      (error: unknown) => (error as Fault).reason ?? (error as Fault).code,
    )
  return {
    at,
    tenant: () => outcome(door.tenant(`Bearer ${KEY}`)),
    operator: () => outcome(door.any(`Bearer ${OPERATOR_KEY}`)),
  }
}
const away = (): Promise<never> => Promise.reject(fault('unavailable'))

test.each([
  'documents:write',
  'users:write',
  'keys:write',
  'audit:read',
  'documents:read_all',
  'tenant:write',
])(
  'AU16: a credential that allows %s is refused when nobody knows what was revoked in the last seconds',
  async scope => {
    const { at, tenant } = staleDoor(['documents:read', scope], away)
    expect(await tenant()).toBe('unavailable')
    expect(at.renew).toHaveBeenCalledTimes(1)
  },
)

test('AU16: one that merely reads goes on, and asks for nothing', async () => {
  const { at, tenant } = staleDoor(['documents:read', 'statistics:read', 'timing:read'], away)
  expect(await tenant()).toBe('accepted')
  expect(at.renew).not.toHaveBeenCalled()
})

test('AU16: an operator is refused as well', async () => {
  expect(await staleDoor([], away).operator()).toBe('unavailable')
  expect(await staleDoor([], async () => false).operator()).toBe('accepted')
})

test('AU16: what was revoked meanwhile is known before anything is changed', async () => {
  const { at, tenant } = staleDoor(['documents:write'], async () => (at.isRevoked = true))
  expect(await tenant()).toBe('revoked')
})
