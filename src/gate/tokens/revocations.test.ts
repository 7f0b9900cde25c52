import { expect, test } from 'vitest'
import { onWire } from '../../platform/db/statements.ts'
import { revocations } from './revocations.ts'

const NOW = Date.UTC(2027, 0, 1)
const row = (token_id: string, revokedAt: number, expiresAt: number) => ({
  token_id,
  revoked_at: new Date(revokedAt),
  expires_at: new Date(expiresAt),
})

test('the first question asks for all, later ones for what is new, with a minute of overlap', () => {
  const revoked = revocations()
  expect(onWire(revoked.statement()).values).toEqual([new Date(0).toISOString()])
  revoked.add([row('a', NOW, NOW + 3_600_000), row('b', NOW - 500_000, NOW + 3_600_000)], NOW)
  expect(onWire(revoked.statement()).values).toEqual([new Date(NOW - 60_000).toISOString()])
  revoked.add([], NOW + 1)
  expect(onWire(revoked.statement()).values).toEqual([new Date(NOW - 60_000).toISOString()])
})

test('a revocation holds until a minute after the end of its token, then it is forgotten', () => {
  const revoked = revocations()
  revoked.add([row('short', NOW, NOW + 1_000), row('long', NOW, NOW + 86_400_000)], NOW)
  revoked.add([], NOW + 61_000)
  expect([revoked.has('short'), revoked.has('long')]).toEqual([true, true])
  revoked.add([], NOW + 130_000)
  expect([revoked.has('short'), revoked.has('long')]).toEqual([false, true])
})

test('names of object members are no revoked ids', () => {
  expect(revocations().has('constructor')).toBe(false)
  expect(revocations().has('__proto__')).toBe(false)
})
