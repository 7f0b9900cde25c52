import { describe, expect, test } from 'vitest'
import type { Principal, TenantPrincipal } from './call.ts'
import { memoryLimiter } from './limits/memory-limiter.ts'
import type { OpenedCall } from './open-call.ts'
import type { Operation } from './operation.ts'
import { rateLimit, rateLimited, ratesFrom, type TierRate } from './rate-limit.ts'

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

describe('by tier', () => {
  const pro = { id: 'pro', name: 'Pro', requestsPerMinute: 100 }
  const free: TierRate = { id: 'free', name: 'Free', requestsPerMinute: 10, next: pro }
  const standard = { id: 'standard', name: 'Standard', requestsPerMinute: null }
  function tiered(tier: TierRate) {
    const clock = { us: 0 }
    const now = { tier }
    const limiter = memoryLimiter({ monotonicClock: () => clock.us })
    const door = rateLimit({ limiter, rates, tierOf: () => now.tier })
    const taken = async (times: number): Promise<number> => {
      const all = Array.from({ length: times }, () => door.ofRequest(user('a', 'ada')))
      return (await Promise.all(all)).filter(({ allowed }) => allowed).length
    }
    return { clock, now, door, taken }
  }

  test('BU12 two minutes that meet give no double burst: 10 a minute are 10, and one every 6 s after them', async () => {
    const { clock, taken } = tiered(free)
    clock.us = 59_900_000
    expect(await taken(100)).toBe(10)
    clock.us = 60_100_000
    expect(await taken(100)).toBe(0)
    clock.us = 65_900_000
    expect(await taken(100)).toBe(1)
  })

  test('a refusal names the tier, what it allows, and the next one, in words and for programs', async () => {
    const { door, taken } = tiered(free)
    await taken(10)
    expect(rateLimited(await door.ofRequest(user('a', 'bob')))).toMatchObject({
      code: 'rate_limited',
      reason: 'tier_rate',
      retryAfterMs: 6_000,
      say:
        'The tier Free allows this tenant 10 requests a minute; try again in 6 s. ' +
        'The next tier is Pro (100 a minute); the operator can change it.',
      facts: { tier: 'free', requests_per_minute: 10, next_tier: 'pro' },
    })
  })

  test('a tier without a rate of its own takes nothing, and another one acts on the next request', async () => {
    const { clock, now, door, taken } = tiered(standard)
    expect(await door.ofRequest(user('a', 'ada'))).toEqual({ allowed: true, decisions: [] })
    now.tier = free
    expect(await taken(100)).toBe(10)
    // Of an empty bucket the next tier's refill counts: one in 600 ms and not in 6 s.
    now.tier = pro
    clock.us = 600_000
    expect(await taken(100)).toBe(1)
  })

  test('a tier that allows more than the deployment’s rate is not held down by it', async () => {
    const { door } = tiered({ id: 'big', name: 'Big', requestsPerMinute: 6_000 })
    const all = Array.from({ length: 50 }, (_, at) => door.ofPrincipal(user('a', `user${at}`)))
    expect((await Promise.all(all)).filter(({ allowed }) => allowed)).toHaveLength(50)
  })
})

test('BU14 addresses of one /64 share one allowance', async () => {
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
