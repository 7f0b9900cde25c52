import { describe, expect, test } from 'vitest'
import type { Principal, TenantPrincipal } from './call.ts'
import { memoryLimiter } from './limits/memory-limiter.ts'
import type { OpenedCall } from './open-call.ts'
import type { Operation } from './operation.ts'
import { rateLimit, rateLimited, ratesFrom } from './rate-limit.ts'

const rates = {
  tenant: { perSecond: 1, burst: 4 },
  user: { perSecond: 1, burst: 3 },
  operation: { perSecond: 1, burst: 10 },
  address: { perSecond: 1, burst: 2 },
}
const limited = () => rateLimit({ limiter: memoryLimiter({ monotonicClock: () => 0 }), rates })
const user = (tenantId: string, subject: string): TenantPrincipal => ({
  realm: 'tenant',
  tenantId,
  subject,
  scopes: new Set(),
  tokenId: 't',
  expiresAt: 0,
})
const opened = (principal: Principal) => ({ call: { principal } }) as unknown as OpenedCall
const operation = (name: string, weight?: number) => ({ name, weight }) as unknown as Operation

describe('per tenant and per user', () => {
  test('one user cannot use up the allowance of the others of the tenant, all together can', async () => {
    const door = limited()
    for (let call = 0; call < 3; call++) expect((await door.ofPrincipal(user('a', 'ada'))).allowed).toBe(true)
    expect(rateLimited(await door.ofPrincipal(user('a', 'ada')))).toMatchObject({ reason: 'user_rate' })
    expect((await door.ofPrincipal(user('a', 'bob'))).allowed).toBe(true)
    expect(rateLimited(await door.ofPrincipal(user('a', 'bob')))).toMatchObject({
      code: 'rate_limited',
      reason: 'tenant_rate',
      retryAfterMs: 1_000,
      say: 'Too many calls for this tenant; try again in 1 s.',
    })
  })

  test('a user of the same name in another tenant is another user', async () => {
    const door = limited()
    for (let call = 0; call < 4; call++) await door.ofPrincipal(user('a', 'ada'))
    expect((await door.ofPrincipal(user('b', 'ada'))).allowed).toBe(true)
  })
})

describe('per operation', () => {
  test('an operation weighs what it says, and each user has its own allowance of each', async () => {
    const door = limited()
    const ada = opened(user('a', 'ada'))
    await door.takeToken(operation('ask', 5), ada)
    await door.takeToken(operation('ask', 5), ada)
    await expect(door.takeToken(operation('ask', 5), ada)).rejects.toMatchObject({
      code: 'rate_limited',
      reason: 'operation_rate',
      retryAfterMs: 5_000,
      say: 'Too many calls of this operation; try again in 5 s.',
    })
    await door.takeToken(operation('search'), ada)
    await door.takeToken(operation('ask', 5), opened(user('a', 'bob')))
  })

  test('operators are not limited', async () => {
    const door = limited()
    const operator = opened({ realm: 'deployment', subject: 'operator' })
    const calls = Array.from({ length: 50 }, () => door.takeToken(operation('list_tenants'), operator))
    await expect(Promise.all(calls)).resolves.toHaveLength(50)
  })
})

test('addresses of one /64 share one allowance', async () => {
  const door = limited()
  for (const address of ['2001:db8::1', '2001:db8::2'])
    expect((await door.ofAddress(address)).allowed).toBe(true)
  expect((await door.ofAddress('2001:db8:0:0:ffff::3')).allowed).toBe(false)
  expect((await door.ofAddress('2001:db8:0:1::1')).allowed).toBe(true)
})

test.each([
  { perSecond: 0, burst: 1 },
  { perSecond: -1, burst: 1 },
  { perSecond: Number.NaN, burst: 1 },
  { perSecond: 1, burst: 0 },
  { perSecond: 1, burst: 1.5 },
])('the rate %j is refused at the start', rate =>
  expect(() => rateLimit({ limiter: memoryLimiter(), rates: ratesFrom(rate) })).toThrow(RangeError),
)
