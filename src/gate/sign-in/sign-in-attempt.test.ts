import { describe, expect, test } from 'vitest'
import { refusalOf } from '../../../tests/harness/refusal.ts'
import { memoryLimiter } from '../limits/memory-limiter.ts'
import { signInAttempts } from './sign-in-attempt.ts'

function attempts() {
  let us = 0
  const take = signInAttempts({ limiter: memoryLimiter({ monotonicClock: () => us }) })
  return {
    wait: (seconds: number) => (us += seconds * 1_000_000),
    /** How many of `count` tries pass. */
    async passing(count: number, email: string, addressOf: (at: number) => string): Promise<number> {
      let passed = 0
      for (let at = 0; at < count; at++)
        if ((await refusalOf(take({ email, address: addressOf(at) }))) === undefined) passed++
      return passed
    },
    refusal: (email: string, address: string) => refusalOf(take({ email, address })),
  }
}

describe('AU26 who guesses the password of one account', () => {
  test('AU26 gets ten tries, then one in thirty seconds', async () => {
    const { passing, wait } = attempts()
    expect(await passing(1_000, 'ada@example.com', () => '192.0.2.1')).toBe(10)
    wait(30)
    expect(await passing(1_000, 'ada@example.com', () => '192.0.2.1')).toBe(1)
  })

  test('AU26 does not lock its owner out, who comes from elsewhere', async () => {
    const { passing, refusal } = attempts()
    await passing(1_000, 'ada@example.com', () => '192.0.2.1')
    expect(await refusal('ada@example.com', '198.51.100.7')).toBeUndefined()
  })

  test('AU26 is one caller with all addresses of a /64', async () => {
    const { passing } = attempts()
    expect(await passing(1_000, 'ada@example.com', at => `2001:db8:1:2::${at.toString(16)}`)).toBe(10)
  })

  test('AU26 is bounded also when coming from many addresses', async () => {
    const { passing } = attempts()
    expect(await passing(1_000, 'ada@example.com', at => `10.0.${at >> 8}.${at & 255}`)).toBe(100)
  })
})

test('AU26 one address gets thirty tries a minute, whatever the accounts', async () => {
  const { passing, wait, refusal } = attempts()
  let passed = 0
  for (let at = 0; at < 200; at++) passed += await passing(1, `user${at}@example.com`, () => '192.0.2.1')
  expect(passed).toBe(30)
  wait(60)
  expect(await refusal('new@example.com', '192.0.2.1')).toBeUndefined()
})

test('AU26 a refusal says when to come back, and the same of every account', async () => {
  const { passing, refusal } = attempts()
  await passing(10, 'ada@example.com', () => '192.0.2.1')
  await passing(10, 'nobody@example.com', () => '192.0.2.2')
  const [known, unknown] = [
    await refusal('ada@example.com', '192.0.2.1'),
    await refusal('nobody@example.com', '192.0.2.2'),
  ]
  expect(known).toMatchObject({ code: 'rate_limited', reason: 'sign_in_attempts', retryAfterMs: 30_000 })
  expect(unknown).toMatchObject({ code: known?.code, say: known?.say, retryAfterMs: known?.retryAfterMs })
})
