import { expect, test } from 'vitest'
import { concurrency } from './concurrency.ts'

test('DS06 an address gets its places and no more, and a freed place is free once', () => {
  const { ofAddress } = concurrency({ address: 2, tenant: 8 })
  const [first, second] = [ofAddress('192.0.2.7'), ofAddress('::ffff:192.0.2.7')]
  expect(ofAddress('192.0.2.7')).toBeUndefined()
  expect(ofAddress('192.0.2.8')).toBeDefined()
  first?.()
  first?.()
  expect(ofAddress('192.0.2.7')).toBeDefined()
  expect(ofAddress('192.0.2.7')).toBeUndefined()
  second?.()
  expect(ofAddress('192.0.2.7')).toBeDefined()
})

test('DS06 one user gets half of the places of its tenant, and a refusal takes none', () => {
  const { ofCaller } = concurrency({ address: 2, tenant: 4 })
  const ada = [ofCaller('t1', 'ada'), ofCaller('t1', 'ada')]
  for (let attempt = 0; attempt < 10; attempt++) expect(ofCaller('t1', 'ada')).toBeUndefined()
  expect(ofCaller('t1', 'bob')).toBeDefined()
  expect(ofCaller('t1', 'cyd')).toBeDefined()
  expect(ofCaller('t1', 'dan')).toBeUndefined()
  expect(ofCaller('t2', 'ada')).toBeDefined()
  ada[0]?.()
  expect(ofCaller('t1', 'dan')).toBeDefined()
})
