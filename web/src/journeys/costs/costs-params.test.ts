import { describe, expect, test } from 'vitest'
import { costsParams, countOf, daysOf, spanOf } from './costs-params.ts'

const now = new Date('2026-03-01T00:30:00Z')

describe('an address', () => {
  test.each([
    [{}, {}],
    [
      { days: 7, by: 'user' },
      { days: 7, by: 'user' },
    ],
    [{ days: '90' }, { days: 90 }],
    [
      { from: '2026-01-01', to: '2026-01-31', days: 7 },
      { from: '2026-01-01', to: '2026-01-31' },
    ],
  ])('%j says %j', (given, meant) => {
    expect(costsParams(given)).toStrictEqual(meant)
  })

  test.each([
    { days: 8, by: 'day' },
    { from: '2026-01-01' },
    { from: '2026-02-02', to: '2026-02-01' },
    { from: '2026-02-30', to: '2026-03-01' },
    { from: '2024-01-01', to: '2026-01-01' },
    { from: 1, to: {} },
    // As an address can say it: what has no value of its own must not throw.
    { days: { toString: 1, valueOf: 1 }, by: [], from: { toString: 1 } },
  ])('%j is dropped, not an error', given => {
    expect(costsParams(given)).toStrictEqual({})
  })
})

test('days are whole days of UTC, today included', () => {
  expect(daysOf({ days: 7 }, now)).toStrictEqual({ from: '2026-02-23', to: '2026-03-01' })
  expect(countOf(daysOf({}, now))).toBe(30)
  expect(daysOf({ from: '2026-01-01', to: '2026-01-02' }, now)).toStrictEqual({
    from: '2026-01-01',
    to: '2026-01-02',
  })
  expect([spanOf({}), spanOf({ days: 7 }), spanOf({ from: '2026-01-01', to: '2026-01-02' })]).toStrictEqual([
    30,
    7,
    undefined,
  ])
})
