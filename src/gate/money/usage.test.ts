import { describe, expect, test } from 'vitest'
import { COMPONENTS, costOf, unitsFor } from './usage.ts'

const price = {
  input: 3_000_000_000n,
  cached_input: 300_000_000n,
  cache_write: 3_750_000_000n,
  output: 15_000_000_000n,
}

describe('what a call costs', () => {
  test('BU05 each token is paid for once: of 100,000 that went in 80,000 cached ones at their own price', () => {
    expect(costOf({ input: 20_000, cached_input: 80_000, output: 1_000 }, price)).toBe(
      60_000_000n + 24_000_000n + 15_000_000n,
    )
    expect(costOf({ input: 100_000 }, price)).toBe(300_000_000n)
  })

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    'BU05 no component is negative, a fraction or beyond what is counted exactly: %d',
    units => {
      for (const component of COMPONENTS)
        expect(() => costOf({ input: 5, [component]: units }, price)).toThrow(RangeError)
    },
  )

  test('litellm#29145 what has no price is refused, never free; what was not used needs none', () => {
    expect(() => costOf({ input: 1, reasoning: 1 }, price)).toThrow('reasoning has no price')
    expect(costOf({ input: 1, reasoning: 0 }, price)).toBe(3_000n)
  })

  test('a part of a nano is a whole one, for each component by itself', () => {
    expect(costOf({ input: 1, output: 1 }, { input: 1n, output: 1n })).toBe(2n)
    expect(costOf({ input: 1_000_001 }, { input: 1n })).toBe(2n)
  })

  test('as many units as money buys cost no more than it, and one more does', () => {
    for (const [nano, each] of [
      [10n, 3_000_000n],
      [999_999n, 15_000_000_000n],
      [1n, 1n],
    ] as const) {
      const units = unitsFor(nano, each)
      expect(costOf({ output: units }, { output: each })).toBeLessThanOrEqual(nano)
      expect(costOf({ output: units + 1 }, { output: each })).toBeGreaterThan(nano)
    }
  })
})
