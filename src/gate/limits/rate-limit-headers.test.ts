import { expect, test } from 'vitest'
import { gcra, type Decision, type Limit } from './gcra.ts'
import { rateLimitHeaders, retryAfterSeconds } from './rate-limit-headers.ts'

const tenant: Limit = { name: 'tenant', perSecond: 100, burst: 200 }
const user: Limit = { name: 'user', perSecond: 0.5, burst: 30 }

function after(limit: Limit, used: number, weight: number): Decision {
  return gcra(limit, gcra(limit, undefined, 0, used).fullAt, 0, weight).decision
}

test('an answer tells the policies, what is left of each, and when there will be more', () => {
  expect(rateLimitHeaders([after(tenant, 0, 1), after(user, 10, 1)])).toEqual({
    'RateLimit-Policy': '"tenant";q=200;w=2, "user";q=30;w=60',
    RateLimit: '"tenant";r=199;t=1, "user";r=19;t=2',
  })
})

test('a limit of which nothing is used has no time of reset', () => {
  expect(rateLimitHeaders([after(tenant, 0, 0)])['RateLimit']).toBe('"tenant";r=200')
})

test('a refusal tells when to come back: not before more is there, and not before all that refused will allow', () => {
  const decisions = [after(tenant, 200, 1), after(user, 30, 5)]
  expect(rateLimitHeaders(decisions)).toEqual({
    'RateLimit-Policy': '"tenant";q=200;w=2, "user";q=30;w=60',
    RateLimit: '"tenant";r=0;t=1, "user";r=0;t=2',
    'Retry-After': '10',
  })
  expect(retryAfterSeconds(decisions)).toBe(10)
})

test('numbers are whole seconds of at least one, as the grammar demands', () => {
  const fast = after({ name: 'address', perSecond: 5000, burst: 100 }, 100, 1)
  expect(rateLimitHeaders([fast])).toEqual({
    'RateLimit-Policy': '"address";q=100;w=1',
    RateLimit: '"address";r=0;t=1',
    'Retry-After': '1',
  })
})

test('without limits there are no fields', () => {
  expect(rateLimitHeaders([])).toEqual({})
})
