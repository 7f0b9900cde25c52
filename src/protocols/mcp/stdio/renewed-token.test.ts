import { expect, test } from 'vitest'
import { renewedToken } from './renewed-token.ts'

test('a token is fetched once, and again before it ends', async () => {
  let now = 1_000_000
  let fetched = 0
  const token = renewedToken(
    async () => ({ token: `t${++fetched}`, expiresAt: now / 1000 + 300 }),
    () => now,
  )
  expect(await Promise.all([token(), token(), token()])).toEqual(['t1', 't1', 't1'])
  now += 239_000
  expect(await token()).toBe('t1')
  now += 2_000
  expect(await Promise.all([token(), token()])).toEqual(['t2', 't2'])
  expect(fetched).toBe(2)
})

test('a failure to fetch one is told, and not kept', async () => {
  let isDown = true
  const token = renewedToken(async () => {
    if (isDown) throw new Error('down')
    return { token: 'good', expiresAt: Number.POSITIVE_INFINITY }
  })
  await expect(token()).rejects.toThrow('down')
  isDown = false
  expect(await token()).toBe('good')
})
