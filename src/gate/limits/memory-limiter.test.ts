import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Limit } from './gcra.ts'
import { memoryLimiter, type Taking } from './memory-limiter.ts'

const tenant: Limit = { name: 'tenant', perSecond: 10, burst: 5 }
const user: Limit = { name: 'user', perSecond: 10, burst: 3 }

/** A limiter on a clock that stands still until it is moved. */
function stillLimiter(maxKeys?: number) {
  const clock = { us: 1_000_000 }
  const limiter = memoryLimiter({
    monotonicClock: () => clock.us,
    ...(maxKeys === undefined ? {} : { maxKeys }),
  })
  const takenUntilRefused = async (taking: Taking): Promise<number> => {
    let taken = 0
    while ((await limiter.take(taking)).allowed) taken++
    return taken
  }
  return { clock, limiter, takenUntilRefused }
}

describe('the limiter in memory', () => {
  test('each key has its own allowance, under each limit', async () => {
    const { takenUntilRefused } = stillLimiter()
    expect(await takenUntilRefused({ limit: tenant, key: 'a' })).toBe(5)
    expect(await takenUntilRefused({ limit: tenant, key: 'b' })).toBe(5)
    expect(await takenUntilRefused({ limit: user, key: 'a' })).toBe(3)
  })

  test('takeAll takes from all limits, or from none when one refuses', async () => {
    const { limiter } = stillLimiter()
    const both = [
      { limit: tenant, key: 'a' },
      { limit: user, key: 'a/ada' },
    ]
    for (let call = 0; call < 3; call++) expect((await limiter.takeAll(both)).allowed).toBe(true)
    const refused = await limiter.takeAll(both)
    expect(refused.allowed).toBe(false)
    expect(refused.decisions).toMatchObject([
      { allowed: true, remaining: 2 },
      { allowed: false, remaining: 0, retryAfterMs: 100 },
    ])
    // The refusals by one user's limit have used nothing of the tenant's.
    for (let call = 0; call < 10; call++) await limiter.takeAll(both)
    expect(await limiter.take({ limit: tenant, key: 'a', weight: 2 })).toMatchObject({
      allowed: true,
      remaining: 0,
    })
  })

  test('the same key twice in one call counts twice, and a refusal gives both back', async () => {
    const { limiter } = stillLimiter()
    const twice = [
      { limit: user, key: 'a', weight: 2 },
      { limit: user, key: 'a', weight: 2 },
    ]
    expect((await limiter.takeAll(twice)).allowed).toBe(false)
    expect(await limiter.take({ limit: user, key: 'a', weight: 3 })).toMatchObject({ allowed: true })
  })

  test('two parallel calls never share a unit', async () => {
    const { limiter } = stillLimiter()
    const results = await Promise.all(
      Array.from({ length: 100 }, () => limiter.take({ limit: tenant, key: 'a' })),
    )
    expect(results.filter(({ allowed }) => allowed)).toHaveLength(5)
  })

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'the weight %d is refused: it would give credit',
    async weight => {
      const { limiter } = stillLimiter()
      await expect(limiter.take({ limit: tenant, key: 'a', weight })).rejects.toThrow(RangeError)
    },
  )

  test('beyond the cap the key asked for longest ago is forgotten, of that limit alone', async () => {
    const { limiter } = stillLimiter(2)
    await limiter.take({ limit: user, key: 'a', weight: 3 })
    for (const key of ['a', 'b', 'c']) await limiter.take({ limit: tenant, key, weight: 5 })
    expect((await limiter.take({ limit: tenant, key: 'c', weight: 0 })).remaining).toBe(0)
    expect((await limiter.take({ limit: tenant, key: 'b', weight: 0 })).remaining).toBe(0)
    expect((await limiter.take({ limit: tenant, key: 'a', weight: 0 })).remaining).toBe(5)
    expect((await limiter.take({ limit: user, key: 'a', weight: 0 })).remaining).toBe(0)
  })

  test('no unit is lost or made, whatever is asked when: takeAll agrees with buckets counted in plain numbers', async () => {
    const call = fc.record({
      waitUs: fc.oneof(fc.constant(0), fc.nat(300_000)),
      key: fc.constantFrom('a', 'b'),
      weight: fc.integer({ min: 0, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 60 }), async calls => {
        const { clock, limiter } = stillLimiter()
        // What is left, in the microseconds it takes to come back: 100,000 a unit.
        const left = { tenant: 500_000, a: 300_000, b: 300_000 }
        for (const { waitUs, key, weight } of calls) {
          clock.us += waitUs
          left.tenant = Math.min(500_000, left.tenant + waitUs)
          left.a = Math.min(300_000, left.a + waitUs)
          left.b = Math.min(300_000, left.b + waitUs)
          const cost = weight * 100_000
          const fits = left.tenant >= cost && left[key] >= cost
          const { allowed, decisions } = await limiter.takeAll([
            { limit: tenant, key: 'all', weight },
            { limit: user, key, weight },
          ])
          expect(allowed).toBe(fits)
          left.tenant -= fits ? cost : 0
          left[key] -= fits ? cost : 0
          expect(decisions.map(({ remaining }) => remaining)).toEqual(
            [left.tenant, left[key]].map(us => Math.floor(us / 100_000)),
          )
        }
      }),
      { numRuns: 500 },
    )
  })
})
