import { expect, test } from 'vitest'
import type { TenantPrincipal } from '../call.ts'
import { verifiedTokens } from './verified-tokens.ts'

const NOW = 1_800_000_000_000
const until = (expiresAt: number) => ({
  principal: { expiresAt } as TenantPrincipal,
  isSignerTrusted: () => true,
})
const hour = until(NOW / 1000 + 3600)

test('a token is kept for a minute', () => {
  const kept = verifiedTokens()
  kept.keep('a', hour, NOW)
  expect(kept.find('a', NOW + 59_999)).toBe(hour)
  expect(kept.find('a', NOW + 60_000)).toBeUndefined()
})

test('a token is never kept past its own end, and using it does not prolong it', () => {
  const kept = verifiedTokens()
  kept.keep('a', until(NOW / 1000 + 10), NOW)
  expect(kept.find('a', NOW + 9_999)).toBeDefined()
  expect(kept.find('a', NOW + 10_000)).toBeUndefined()
  kept.keep('b', until(NOW / 1000 - 1), NOW)
  expect(kept.find('b', NOW)).toBeUndefined()
})

test('beyond the capacity the token unused for longest goes', () => {
  const kept = verifiedTokens(2)
  kept.keep('a', hour, NOW)
  kept.keep('b', hour, NOW)
  kept.find('a', NOW)
  kept.keep('c', hour, NOW)
  expect(['a', 'b', 'c'].filter(digest => kept.find(digest, NOW) !== undefined)).toEqual(['a', 'c'])
})
