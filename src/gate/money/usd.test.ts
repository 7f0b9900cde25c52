import { describe, expect, test } from 'vitest'
import { MOST_USD, nanoOf, nanoOfNumber, usd, usdProblem } from './usd.ts'

describe('an amount in decimal USD', () => {
  test.each([
    ['0', 0n],
    ['3', 3_000_000_000n],
    ['0.15', 150_000_000n],
    ['0.1', 100_000_000n],
    ['25.00', 25_000_000_000n],
    ['0.000000001', 1n],
    ['9000000000', 9_000_000_000_000_000_000n],
  ])('%s is exactly so many nano-USD, and is read back', (text, nano) => {
    expect(nanoOf(text)).toBe(nano)
    expect(nanoOf(usd(nano))).toBe(nano)
  })

  test.each([
    ['-1', /negative/],
    ['-0.5', /negative/],
    ['NaN', /decimal digits/],
    ['Infinity', /decimal digits/],
    ['', /decimal digits/],
    [' 1', /decimal digits/],
    ['1e3', /decimal digits/],
    ['1,5', /decimal digits/],
    ['.5', /decimal digits/],
    ['0x10', /decimal digits/],
    ['0.0000000001', /more than nine digits/],
    ['9000000000.000000001', /not be more than 9000000000/],
    ['1'.repeat(29), /not be more than 9000000000/],
  ])('%s is refused with a sentence that says why', (text, why) => {
    expect(usdProblem(text)).toMatch(why)
    expect(() => nanoOf(text)).toThrow(RangeError)
  })

  test('is short: without zeros at its end', () => {
    expect([150_000_000n, 3_000_000_000n, 1n, 0n, -1_500_000_000n].map(usd)).toEqual([
      '0.15',
      '3',
      '0.000000001',
      '0',
      '-1.5',
    ])
    expect(nanoOf(String(MOST_USD))).toBe(MOST_USD * 1_000_000_000n)
  })
})

describe('a number of somebody else', () => {
  test.each([
    [0.1, 100_000_000n],
    [0.15, 150_000_000n],
    [0.0375, 37_500_000n],
    [1e-7, 100n],
    [2.5e-10, 1n],
    [1e21, 10n ** 30n],
    [30, 30_000_000_000n],
  ])('%d is taken by its decimal text, and what is finer than a nano is rounded up', (value, nano) => {
    expect(nanoOfNumber(value)).toBe(nano)
  })

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('%d is no amount', value => {
    expect(nanoOfNumber(value)).toBeUndefined()
  })
})
