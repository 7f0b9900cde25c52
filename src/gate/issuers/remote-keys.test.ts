import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { FetchPublic } from '../../platform/outbound/public-fetcher.ts'
import { readKeySet } from './key-set.ts'
import { remoteKeys } from './remote-keys.ts'

let jwk: JWK
beforeAll(async () => {
  jwk = await exportJWK((await generateKeyPair('RS256')).publicKey)
})

/** An issuer with one key; `down` makes it fail, `now` is the clock. */
function anIssuer() {
  const at = { now: 0, fetches: 0, down: false, kids: ['key-1'] }
  const fetch: FetchPublic = async () => {
    at.fetches++
    if (at.down) throw new Error('the issuer is away')
    const text = JSON.stringify({ keys: at.kids.map(kid => ({ ...jwk, kid })) })
    return {
      mediaType: 'application/json',
      name: 'jwks',
      body: (async function* () {
        yield Buffer.from(text)
      })(),
    }
  }
  const onFailure = vi.fn<(error: unknown) => void>()
  return {
    at,
    onFailure,
    keys: remoteKeys({ url: 'https://idp.test/jwks', fetch, onFailure, now: () => at.now }),
  }
}

describe('the keys of a foreign issuer', () => {
  test('are fetched when they are first needed, and once for all who need them', async () => {
    const { at, keys } = anIssuer()
    expect([at.fetches, keys.has('key-1')]).toEqual([0, false])
    const found = await Promise.all(Array.from({ length: 100 }, () => keys.find('key-1')))
    expect(found.every(key => key !== undefined)).toBe(true)
    expect([at.fetches, keys.has('key-1')]).toEqual([1, true])
  })

  test('AU18: a thousand unknown names cause one fetch, and the next no sooner than 30 s later', async () => {
    const { at, keys } = anIssuer()
    await keys.find('key-1')
    at.now = 30_000
    const found = await Promise.all(Array.from({ length: 1_000 }, (_, n) => keys.find(`made-up-${n}`)))
    expect(found.every(key => key === undefined)).toBe(true)
    expect(at.fetches).toBe(2)
    at.now = 59_999
    for (let n = 0; n < 1_000; n++) await keys.find(`other-${n}`)
    expect(at.fetches).toBe(2)
    at.now = 60_000
    await keys.find('other-1')
    expect(at.fetches).toBe(3)
  })

  test('AU19: a new key is found by one fetch, and one that was withdrew is gone with it', async () => {
    const { at, keys } = anIssuer()
    await keys.find('key-1')
    at.now = 30_000
    at.kids = ['key-2']
    expect(await keys.find('key-2')).toBeDefined()
    expect([at.fetches, keys.has('key-1'), keys.has('key-2')]).toEqual([2, false, true])
    expect(await keys.find('key-1')).toBeUndefined()
  })

  test('a set in use is renewed when it is five minutes old, without anybody waiting', async () => {
    const { at, keys } = anIssuer()
    await keys.find('key-1')
    at.now = 300_001
    at.kids = ['key-2']
    expect(await keys.find('key-1')).toBeDefined()
    await vi.waitFor(() => expect(keys.has('key-2')).toBe(true))
    expect(keys.has('key-1')).toBe(false)
  })

  test('AU16: the last good set outlives its issuer for an hour, then its tokens are refused until it is back', async () => {
    const { at, keys, onFailure } = anIssuer()
    await keys.find('key-1')
    at.down = true
    at.now = 3_600_000
    expect(await keys.find('key-1')).toBeDefined()
    at.now = 3_660_001
    expect(keys.has('key-1')).toBe(false)
    await expect(keys.find('key-1')).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'issuer_unavailable',
    })
    expect(onFailure).toHaveBeenCalled()
    at.down = false
    at.now += 30_000
    expect(await keys.find('key-1')).toBeDefined()
  })

  test('an issuer that was never reached has no keys, and is not asked at every call', async () => {
    const { at, keys } = anIssuer()
    at.down = true
    for (let n = 0; n < 5; n++)
      await expect(keys.find('key-1')).rejects.toMatchObject({ code: 'unavailable' })
    expect(at.fetches).toBe(1)
  })
})

describe('a key set', () => {
  const set = (...keys: unknown[]) => readKeySet(JSON.stringify({ keys }))

  test('AU04: keys under 2048 bits, of other kinds, for other uses, without a name or broken are passed over', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
    const keys = await set(
      { ...weak, kid: 'weak' },
      { ...ec, kid: 'ec' },
      { ...jwk, kid: 'for-encryption', use: 'enc' },
      { ...jwk, kid: 'for-pss', alg: 'PS256' },
      { ...jwk, kid: 'e-is-one', e: 'AQ' },
      { kty: 'oct', k: 'c2VjcmV0', kid: 'oct', alg: 'HS256' },
      { kty: 'RSA', kid: 'broken', n: '!', e: '!' },
      jwk,
      null,
      { ...jwk, kid: 'good', alg: 'RS256', use: 'sig' },
    )
    expect([...keys.keys()]).toEqual(['good'])
  })

  test('of two keys under one name the first stands', async () => {
    const other = await exportJWK((await generateKeyPair('RS256')).publicKey)
    const keys = await set({ ...jwk, kid: 'a' }, { ...other, kid: 'a' })
    expect((await crypto.subtle.exportKey('jwk', keys.get('a')!)).n).toBe(jwk.n)
  })

  test.each(['', '[]', '{"keys":{}}', 'not json', `{"keys":[${'{},'.repeat(100)}{}]}`, '{"keys":[]}'])(
    'without a key to use it is refused: %.20s',
    async text => {
      await expect(readKeySet(text)).rejects.toMatchObject({ code: 'invalid_input' })
    },
  )
})
