import { expect, test } from 'vitest'
import type { SpendAs } from './spend.ts'
import { underWay } from './under-way.ts'

const payer = { tenantId: 't', subject: 'ada', operation: 'search', callId: 'c' }
const spending = { step: 's', model: 'm', most: {} }
const allowance = { owner: 'a', maxOutput: 0, sent: () => Promise.resolve(), used: () => undefined }
const plain: SpendAs = () => (_, fn) => fn(allowance)

test('whoever closes waits for what is being paid, also when it fails', async () => {
  const paying = underWay(plain)
  const answer = Promise.withResolvers<string>()
  const first = paying.spendAs(payer)(spending, () => answer.promise)
  const second = paying.spendAs(payer)(spending, () => Promise.reject(new Error('away')))
  await expect(second).rejects.toThrow('away')
  expect(await paying.ended(1)).toBe(1)
  const ended = paying.ended(60_000)
  answer.resolve('vector')
  expect(await ended).toBe(0)
  expect(await first).toBe('vector')
})
