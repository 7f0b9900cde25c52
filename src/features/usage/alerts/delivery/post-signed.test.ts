import { expect, test, vi } from 'vitest'
import { postSigned, signature } from './post-signed.ts'

// From the specification's own libraries (standard-webhooks): secret, id, time and body of its first example.
test('signs as Standard Webhooks does', () => {
  const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
  const signed = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
  expect(signature(secret, signed)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test.each([
  [200, 'delivered'],
  [204, 'delivered'],
  [302, 'status 302'],
  [410, 'status 410'],
])('an answer of %i is %s', async (status, outcome) => {
  const post = vi.fn<() => Promise<number>>(() => Promise.resolve(status))
  const posting = { url: 'https://a.example', secret: Buffer.alloc(32), messageId: 'm', body: '{}' }
  expect(await postSigned({ post }, posting)).toBe(outcome)
})
