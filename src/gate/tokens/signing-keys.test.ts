import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { signingKeys } from './signing-keys.ts'

const NOW = Date.UTC(2027, 0, 1)
let publicJwk: JWK
let privateJwk: JWK

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true })
  publicJwk = await exportJWK(pair.publicKey)
  privateJwk = await exportJWK(pair.privateKey)
})

const row = (kid: string, public_jwk: unknown, accepted_until: Date | null = null) => ({
  kid,
  public_jwk,
  accepted_until,
})

test('the key without an end is the one that signs; the others only verify', async () => {
  const keys = signingKeys()
  expect(keys.activeKid()).toBeUndefined()
  await keys.replace([row('retiring', publicJwk, new Date(NOW + 1000)), row('active', publicJwk)])
  expect(keys.activeKid()).toBe('active')
})

test('an active key is found; a retiring one until its time; one that left the table at once', async () => {
  const keys = signingKeys()
  await keys.replace([row('active', publicJwk), row('retiring', publicJwk, new Date(NOW + 1000))])
  expect(keys.find('active', NOW)).toBeDefined()
  expect(keys.find('retiring', NOW + 999)).toBeDefined()
  expect(keys.find('retiring', NOW + 1000)).toBeUndefined()
  await keys.replace([])
  expect(keys.find('active', NOW)).toBeUndefined()
})

test('a key is imported once, and again when the row under its name changes', async () => {
  const keys = signingKeys()
  await keys.replace([row('key-1', publicJwk)])
  const first = keys.find('key-1', NOW)
  await keys.replace([row('key-1', publicJwk)])
  expect(keys.find('key-1', NOW)).toBe(first)
  const other = await exportJWK((await generateKeyPair('RS256')).publicKey)
  await keys.replace([row('key-1', other)])
  expect(keys.find('key-1', NOW)).not.toBe(first)
})

test('AU04: a key under 2048 bits, or none of RSA, is refused by name and the others stand', async () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  const keys = signingKeys()
  const problems = await keys.replace([
    row('weak', weak),
    row('ec', ec),
    row('null', null),
    row('good', publicJwk),
  ])
  expect(problems).toHaveLength(3)
  expect(problems[0]).toContain('weak is refused: 1024 bits')
  expect(['weak', 'ec', 'null', 'good'].filter(kid => keys.find(kid, NOW) !== undefined)).toEqual(['good'])
})

test('AU05: a name finds the key of exactly that name', async () => {
  const keys = signingKeys()
  await keys.replace([row('key-1', publicJwk)])
  for (const kid of ['', 'KEY-1', 'key-1 ', '__proto__', 'constructor', '../key-1', 'key-1\u0000']) {
    expect(keys.find(kid, NOW)).toBeUndefined()
  }
})

test('the key set holds public members alone, of accepted keys alone, whatever the row held', async () => {
  const keys = signingKeys()
  await keys.replace([row('key-1', privateJwk), row('over', publicJwk, new Date(NOW))])
  expect(keys.jwks(NOW)).toEqual({
    keys: [{ kty: 'RSA', n: publicJwk.n, e: publicJwk.e, kid: 'key-1', alg: 'RS256', use: 'sig' }],
  })
  expect(keys.find('key-1', NOW)?.type).toBe('public')
})
