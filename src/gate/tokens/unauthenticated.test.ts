import { expect, test } from 'vitest'
import { UNAUTHENTICATED, unauthenticated } from './unauthenticated.ts'

test('every sentence fits into an RFC 6750 error_description', () => {
  for (const say of Object.values(UNAUTHENTICATED)) expect(say).toMatch(/^[ !#-[\]-~]+$/)
})

test('what is said depends on the reason alone; the detail stays behind', () => {
  const { code, reason, say, message } = unauthenticated('invalid', 'unknown key')
  expect({ code, reason, say }).toEqual({
    code: 'unauthenticated',
    reason: 'invalid',
    say: UNAUTHENTICATED.invalid,
  })
  expect(message).toContain('unknown key')
})
