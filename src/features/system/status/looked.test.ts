import { expect, test } from 'vitest'
import { fault } from '../../../platform/faults.ts'
import { looked } from './looked.ts'

test('what answers is told with its value', async () => {
  expect(await looked(async () => 7)).toMatchObject({ value: 7, problem: null })
})

test('what does not answer within the bound is told so, and is not waited for', async () => {
  const look = await looked(() => new Promise<never>(() => undefined), 20)
  expect(look).toMatchObject({ value: undefined, problem: 'no_answer_in_time' })
})

test('of an error only the code is told: its words may name an address or a password', async () => {
  const secret = async () => {
    throw new Error('connect ECONNREFUSED postgres://app:hunter2@10.0.0.1/db')
  }
  expect(JSON.stringify(await looked(secret))).not.toMatch(/hunter2|10\.0\.0\.1|ECONN/)
  const away = async () => {
    throw fault('unavailable', { reason: 'breaker_open', say: 'http://10.0.0.1 is away.' })
  }
  expect(await looked(away)).toMatchObject({ problem: 'breaker_open' })
})
