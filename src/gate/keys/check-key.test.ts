import { expect, test, vi } from 'vitest'
import type { Fault } from '../../platform/faults.ts'
import { keyCheck } from './check-key.ts'
import { keepSecret } from './key-secret.ts'
import type { KeyStanding } from './key-standings.ts'
import { newKey, type KeyKind } from './key-text.ts'

const NOW = Date.UTC(2027, 0, 1)
const TENANT = '0198c0de-0000-7000-8000-00000000000a'

function oneKey(kind: KeyKind = 'tenant', more: Partial<KeyStanding> = {}) {
  const made = newKey(kind)
  const standing: KeyStanding = {
    id: made.id,
    tenantId: kind === 'tenant' ? TENANT : null,
    subject: 'ada',
    scopes: new Set(['documents:read']),
    endsAt: NOW + 1_500,
    isRevoked: false,
    ...keepSecret(made.secret),
    ...more,
  }
  const known = new Map([[made.id, standing]])
  const look = vi.fn<() => Promise<void>>(async () => undefined)
  const used: string[] = []
  const check = keyCheck({
    standings: { find: id => known.get(id) },
    look,
    noteUse: key => used.push(key.id),
    clock: () => NOW,
  })
  return { text: made.text, id: made.id, known, standing, look, used, check }
}
const refusal = (checking: Promise<unknown>): Promise<unknown> =>
  checking.then(
    () => 'accepted',
    (error: unknown) => (error as Fault).reason,
  )
test('a good key is its user, with its scopes, until its end', async () => {
  const { text, id, used, look, check } = oneKey()
  expect(await check.tenant(text)).toEqual({
    realm: 'tenant',
    tenantId: TENANT,
    subject: 'ada',
    scopes: new Set(['documents:read']),
    tokenId: `key:${id}`,
    expiresAt: NOW / 1000 + 1,
  })
  expect(used).toEqual([id])
  expect(look).not.toHaveBeenCalled()
})

test('a key without end has one that can be written down', async () => {
  const { text, check } = oneKey('tenant', { endsAt: Number.POSITIVE_INFINITY })
  expect(new Date((await check.tenant(text)).expiresAt * 1000).getUTCFullYear()).toBe(9999)
})

test('an operator’s key is an operator and nobody in a tenant', async () => {
  const { text, id, check } = oneKey('operator')
  expect(await check.operator(text)).toEqual({ realm: 'deployment', subject: `operator:key:${id}` })
  expect(await refusal(check.tenant(text))).toBe('wrong_audience')
})

test('a tenant’s key is no operator, whatever is stored under its id', async () => {
  const { text, check } = oneKey()
  expect(await refusal(check.operator(text))).toBe('wrong_audience')
  const odd = oneKey('operator', { tenantId: TENANT })
  expect(await refusal(odd.check.operator(odd.text))).toBe('invalid')
})

test.each([
  [{ isRevoked: true }, 'revoked'],
  [{ endsAt: NOW }, 'expired'],
])('a key with %j is %s, and that is told to who knows its secret alone', async (more, reason) => {
  const { text, id, known, standing, used, check } = oneKey('tenant', more)
  expect(await refusal(check.tenant(text))).toBe(reason)
  known.set(id, { ...standing, ...keepSecret('another') })
  expect(await refusal(check.tenant(text))).toBe('invalid')
  expect(used).toEqual([])
})

test('AU31: an unknown key and a wrong secret are one refusal; a mistyped one is not even looked for', async () => {
  const { text, id, known, standing, look, check } = oneKey()
  known.set(id, { ...standing, ...keepSecret('another') })
  expect(await refusal(check.tenant(text))).toBe('invalid')
  expect(await refusal(check.tenant(newKey('tenant').text))).toBe('invalid')
  expect(look).toHaveBeenCalledTimes(1)
  expect(await refusal(check.tenant(`${text.slice(0, -1)}!`))).toBe('invalid')
  expect(look).toHaveBeenCalledTimes(1)
})

test('a key made a moment ago is found by looking again', async () => {
  const { text, id, known, standing, look, check } = oneKey()
  known.clear()
  look.mockImplementation(async () => void known.set(id, standing))
  expect(await check.tenant(text)).toMatchObject({ tokenId: `key:${id}` })
})
