import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gcra, type Limit } from './gcra.ts'

const limit: Limit = { name: 'tenant', perSecond: 100, burst: 200 }

describe('gcra', () => {
  test('a full bucket gives its burst, then a unit every interval', () => {
    let fullAt: number | undefined
    for (let taken = 1; taken <= 200; taken++) {
      const step = gcra(limit, fullAt, 0, 1)
      expect(step.decision).toMatchObject({ allowed: true, remaining: 200 - taken, retryAfterMs: 0 })
      fullAt = step.fullAt
    }
    expect(gcra(limit, fullAt, 0, 1).decision).toEqual({
      limit,
      allowed: false,
      remaining: 0,
      resetAfterMs: 10,
      retryAfterMs: 10,
    })
    expect(gcra(limit, fullAt, 9_999, 1).decision.allowed).toBe(false)
    expect(gcra(limit, fullAt, 10_000, 1).decision.allowed).toBe(true)
  })

  test('a bucket left alone is full again, and no fuller', () => {
    const { fullAt } = gcra(limit, undefined, 0, 200)
    expect(fullAt).toBe(2_000_000)
    const later = gcra(limit, fullAt, 3_600_000_000, 0).decision
    expect(later).toEqual({ limit, allowed: true, remaining: 200, resetAfterMs: 0, retryAfterMs: 0 })
  })

  test('a bucket that another limit, or a clock set back, has left is no emptier than empty', () => {
    const later = 3_600_000_000
    expect(gcra(limit, later, 0, 1).decision).toMatchObject({ allowed: false, retryAfterMs: 10 })
    expect(gcra(limit, later, 0, 0).fullAt).toBe(2_000_000)
  })

  test('a weight above the burst passes when the bucket is full, and takes all of it', () => {
    const small: Limit = { name: 'operation', perSecond: 1, burst: 3 }
    const first = gcra(small, undefined, 0, 5)
    expect(first.decision).toMatchObject({ allowed: true, remaining: 0 })
    expect(gcra(small, first.fullAt, 0, 5).decision).toMatchObject({ allowed: false, retryAfterMs: 3_000 })
  })
})

const someLimit = fc.record({
  name: fc.constant('any'),
  // From one unit in three hours to 5,000 a second, most of them no whole number of microseconds apart.
  perSecond: fc.oneof(
    fc.double({ min: 0.0001, max: 5_000, noNaN: true }),
    fc.integer({ min: 1, max: 5_000 }),
  ),
  burst: fc.integer({ min: 1, max: 500 }),
})
const steps = fc.array(
  fc.record({
    waitUs: fc.oneof(fc.constant(0), fc.nat(1_000), fc.nat(100_000), fc.nat(60_000_000)),
    weight: fc.integer({ min: 0, max: 20 }),
  }),
  { minLength: 1, maxLength: 150 },
)

describe('gcra, whatever the limit, the times and the weights', () => {
  test('never more than burst + rate·t units pass in any window of t seconds', () => {
    fc.assert(
      fc.property(someLimit, steps, fc.nat(2 ** 45), (any, walk, start) => {
        const passed: { at: number; units: number }[] = []
        let now = start
        let fullAt: number | undefined
        for (const { waitUs, weight } of walk) {
          now += waitUs
          const step = gcra(any, fullAt, now, weight)
          fullAt = step.fullAt
          if (step.decision.allowed) passed.push({ at: now, units: Math.min(weight, any.burst) })
        }
        for (const [first, from] of passed.entries()) {
          let units = 0
          for (const to of passed.slice(first)) {
            units += to.units
            expect(units).toBeLessThanOrEqual(any.burst + (any.perSecond * (to.at - from.at)) / 1e6 + 1e-6)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('who asks at every microsecond that could count gets burst + rate·t units and no more', () => {
    fc.assert(
      fc.property(someLimit, fc.integer({ min: 1, max: 100 }), (any, rounds) => {
        let { fullAt } = gcra(any, undefined, 0, any.burst)
        let units = any.burst
        for (let round = 1; round <= rounds; round++) {
          // The last microsecond at which the next unit would come too early, and the first at which it may come.
          const early = Math.ceil((round / any.perSecond) * 1e6) - 1
          for (const now of [early, early + 1]) {
            const step = gcra(any, fullAt, now, 1)
            fullAt = step.fullAt
            units += step.decision.allowed ? 1 : 0
            expect(units).toBeLessThanOrEqual(any.burst + (any.perSecond * now) / 1e6 + 1e-6)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('what is refused passes after retryAfterMs, what remains passes at once, and one unit more does not', () => {
    fc.assert(
      fc.property(someLimit, steps, (any, walk) => {
        let now = 0
        let fullAt: number | undefined
        for (const { waitUs, weight } of walk) {
          now += waitUs
          const { decision, fullAt: next } = gcra(any, fullAt, now, weight)
          fullAt = next
          const passes = (at: number, units: number): boolean => gcra(any, next, at, units).decision.allowed
          const retryAt = now + decision.retryAfterMs * 1000
          expect(passes(retryAt, decision.allowed ? 0 : weight)).toBe(true)
          expect(!decision.allowed && passes(retryAt - 1001, weight)).toBe(false)
          expect(passes(now, decision.remaining)).toBe(true)
          const more = decision.remaining + 1
          expect(more <= any.burst && passes(now, more)).toBe(false)
          expect(passes(now + decision.resetAfterMs * 1000, more)).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('a caller who keeps to the rate is never refused', () => {
    fc.assert(
      fc.property(someLimit, fc.integer({ min: 1, max: 200 }), (any, calls) => {
        const unit = Math.ceil(1e6 / any.perSecond)
        let fullAt: number | undefined
        for (let call = 0; call < calls; call++) {
          const step = gcra(any, fullAt, call * unit, 1)
          expect(step.decision.allowed).toBe(true)
          fullAt = step.fullAt
        }
      }),
    )
  })
})
