import { expect, test } from 'vitest'
import { nanoOf } from './usd.ts'

test.each([
  ['12.5', '12500000000'],
  ['$0.000000001', '1'],
  ['0', '0'],
  [' 007 ', '7000000000'],
])('%s dollars are %s nano-USD', (usd, nano) => {
  expect(nanoOf(usd)).toBe(nano)
})

test.each(['', 'ten', '-1', '1.0000000001', '1e3', '1,000'])('%s is no amount', usd => {
  expect(nanoOf(usd)).toBeUndefined()
})
