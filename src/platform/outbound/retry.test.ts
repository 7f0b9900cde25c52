import { describe, expect, test } from 'vitest'
import { connectionFailure, pauseAfter, retryAfterMs, statusFailure } from './retry.ts'

const settings = { attempts: 4, firstPauseMs: 100, longestPauseMs: 250, longestRetryAfterMs: 5_000 }
const safe = { settings, isSafeToRetry: true }
const unsafe = { settings, isSafeToRetry: false }

describe('another attempt is made', () => {
  test.each([
    ['a refused connection', connectionFailure('ECONNREFUSED'), true, true],
    ['a name that does not resolve', connectionFailure('ENOTFOUND'), true, true],
    ['a connection that broke off', connectionFailure('ECONNRESET'), true, false],
    ['a connection that timed out before it was', connectionFailure('ETIMEDOUT', 'connect'), true, true],
    ['a connection that timed out after the request', connectionFailure('ETIMEDOUT', 'read'), false, false],
    ['a certificate that is not valid', connectionFailure('CERT_HAS_EXPIRED'), false, false],
    ['an answer that is not HTTP', connectionFailure('HPE_INVALID_CONSTANT'), false, false],
    ['429', statusFailure(429, {}), true, true],
    ['502', statusFailure(502, {}), true, false],
    ['503', statusFailure(503, {}), true, false],
    ['504', statusFailure(504, {}), true, false],
    ['500', statusFailure(500, {}), false, false],
    ['400', statusFailure(400, {}), false, false],
    ['401', statusFailure(401, {}), false, false],
    ['404', statusFailure(404, {}), false, false],
    ['307', statusFailure(307, {}), false, false],
  ])('after %s: if repeating is safe %s, if not %s', (_, failure, whenSafe, whenUnsafe) => {
    expect(pauseAfter(failure, 1, safe) !== undefined).toBe(whenSafe)
    expect(pauseAfter(failure, 1, unsafe) !== undefined).toBe(whenUnsafe)
  })
  test('so many times and no more', () => {
    const failure = connectionFailure('ECONNREFUSED')
    expect([1, 2, 3, 4, 5].map(attempt => pauseAfter(failure, attempt, safe) !== undefined)).toEqual(
      Array.from({ length: 5 }, (_, at) => at < 3),
    )
  })
})

describe('the pause', () => {
  test('is spread from nothing to a bound that doubles up to the longest', () => {
    const failure = connectionFailure('ECONNREFUSED')
    for (const [attempt, bound] of [
      [1, 100],
      [2, 200],
      [3, 250],
    ] as const) {
      const pauses = Array.from({ length: 400 }, () => pauseAfter(failure, attempt, safe) ?? -1)
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(0)
      expect(Math.min(...pauses)).toBeLessThan(bound / 4)
      expect(Math.max(...pauses)).toBeLessThan(bound)
      expect(Math.max(...pauses)).toBeGreaterThan((bound * 3) / 4)
    }
  })
  test('is at least what Retry-After asks for', () => {
    const pauses = Array.from({ length: 50 }, () =>
      pauseAfter(statusFailure(429, { 'retry-after': '5' }), 1, safe),
    )
    for (const ms of pauses) expect(ms).toBeGreaterThanOrEqual(5_000)
  })
  test('is none at all when Retry-After asks for more than we wait', () => {
    expect(pauseAfter(statusFailure(429, { 'retry-after': '6' }), 1, safe)).toBeUndefined()
  })
})

test.each([
  ['3', 3_000],
  [' 0 ', 0],
  ['Sat, 21 Nov 2026 06:00:30 GMT', 30_000],
  ['Sat, 21 Nov 2026 05:00:00 GMT', 0],
  ['9'.repeat(400), 3_600_000],
  ['-5', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j is %s ms', (value, ms) => {
  expect(retryAfterMs(value, Date.UTC(2026, 10, 21, 6))).toBe(ms)
})
