import { expect, test } from 'vitest'
import { changesOf, priceWords, type Offer } from './tier-changes.ts'

const free = {
  id: 'free',
  name: 'Free',
  limit_nano: '500000000',
  requests_per_minute: 10,
  models: ['llama3.2'],
  price_nano: null,
}
const pro = {
  ...free,
  id: 'pro',
  name: 'Pro',
  limit_nano: '25000000000',
  requests_per_minute: 100,
  price_nano: '25000000000',
}
const offer: Offer = { tier: free, next: pro, follows_tier: true, may_upgrade: true, who_may: 'you', say: '' }

test('a price is said as it is advertised, and not at all where there is none', () => {
  expect(priceWords(pro)).toBe('$25/month')
  expect(priceWords({ price_nano: '9990000000' })).toBe('$9.99/month')
  expect(priceWords(free)).toBeUndefined()
})

test('only what changes is listed', () => {
  expect(changesOf(offer)).toStrictEqual([
    { what: 'Monthly budget', before: '$0.50 a month', after: '$25.00 a month' },
    { what: 'Requests', before: '10 a minute', after: '100 a minute' },
  ])
  expect(changesOf({ ...offer, next: null })).toStrictEqual([])
})

test('a budget that the operator has set does not rise, and that is said', () => {
  expect(changesOf({ ...offer, follows_tier: false })[0]?.after).toContain('stays')
})
