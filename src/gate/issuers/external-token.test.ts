import { describe, expect, test } from 'vitest'
import type { Fault } from '../../platform/faults.ts'
import { externalTokenId, readExternalToken, type IssuerTerms } from './external-token.ts'
import { IssuerRules } from './issuer-rules.ts'

const NOW = 1_800_000_000
const ACME = '0198c0de-0000-7000-8000-00000000000a'
const BIRCH = '0198c0de-0000-7000-8000-00000000000b'
const ISSUER = 'https://login.acme.test/realms/main'
const good = {
  iss: ISSUER,
  aud: 'docs',
  sub: 'ada',
  tenant_id: 'acme',
  scope: 'documents:read other',
  iat: NOW - 10,
  nbf: NOW - 10,
  exp: NOW + 600,
  jti: 'j1',
}

function terms(rules: object = {}, userPrefix = 'login.acme.test|'): IssuerTerms {
  const tenants = new Map([
    ['acme', ACME],
    [ACME, ACME],
    ['birch', BIRCH],
    [BIRCH, BIRCH],
  ])
  return { issuer: ISSUER, audience: 'docs', rules: IssuerRules.parse(rules), userPrefix, tenants }
}
const read = (claims: object, by = terms()) =>
  readExternalToken(new TextEncoder().encode(JSON.stringify(claims)), by, NOW).principal
function verdict(claims: object, by = terms()): string {
  try {
    read(claims, by)
    return 'ok'
  } catch (error) {
    return (error as Fault).reason ?? 'none'
  }
}
const without = (name: string): object =>
  Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))

describe('a foreign token', () => {
  test('is the user that its claims name, apart from ours', () => {
    const principal = read(good)
    expect(principal).toEqual({
      realm: 'tenant',
      tenantId: ACME,
      subject: 'login.acme.test|ada',
      scopes: new Set(['documents:read', 'other']),
      tokenId: externalTokenId(ISSUER, 'j1'),
      expiresAt: NOW + 600,
    })
    expect(Object.isFrozen(principal)).toBe(true)
  })

  test.each(['iss', 'aud', 'exp', 'iat', 'nbf', 'jti', 'sub', 'tenant_id'])(
    'AU10: without %s it is not valid',
    name => expect(verdict(without(name))).toBe('invalid'),
  )

  test('AU10: nbf and jti may be missing where the rules say so; exp and iat never', () => {
    const lenient = terms({ may_miss: ['nbf', 'jti'] })
    for (const name of ['nbf', 'jti']) expect(verdict(without(name), lenient)).toBe('ok')
    for (const name of ['exp', 'iat']) expect(verdict(without(name), lenient)).toBe('invalid')
    expect(read(without('jti'), lenient).tokenId).not.toBe(read({ ...without('jti'), x: 1 }, lenient).tokenId)
  })

  test.each([
    [{ exp: NOW - 5 }, 'expired'],
    [{ nbf: NOW + 6 }, 'not_yet_valid'],
    [{ iat: NOW + 6 }, 'not_yet_valid'],
    [{ iat: NOW - 90_000 }, 'invalid'],
    [{ exp: '9999999999' }, 'invalid'],
  ])('AU09: with %j it is %s', (claims, reason) => expect(verdict({ ...good, ...claims })).toBe(reason))

  test('AU11: an audience is one string; a list that has it, only where the rules say so', () => {
    expect(verdict({ ...good, aud: 'ui' })).toBe('wrong_audience')
    expect(verdict({ ...good, aud: ['docs', 'ui'] })).toBe('wrong_audience')
    const lists = terms({ audience_lists: true })
    expect(verdict({ ...good, aud: ['docs', 'ui'] }, lists)).toBe('ok')
    expect(verdict({ ...good, aud: ['ui'] }, lists)).toBe('wrong_audience')
    expect(verdict({ ...good, aud: [] }, lists)).toBe('wrong_audience')
  })

  test('AU12: of another issuer it is not valid, however alike', () => {
    for (const iss of [`${ISSUER}/`, ISSUER.toUpperCase(), 'https://login.acme.test', [ISSUER]])
      expect(verdict({ ...good, iss })).toBe('invalid')
  })

  test.each(['nonce', 'at_hash', 'c_hash', 's_hash', 'events'])('AU13: with %s it is no access token', name =>
    expect(verdict({ ...good, [name]: 'x' })).toBe('invalid'),
  )

  test('a token that is bound to a key is no bearer token', () => {
    expect(verdict({ ...good, cnf: { jkt: 'x' } })).toBe('invalid')
  })

  test('AU14: a claim that stands twice is not valid', () => {
    const text = JSON.stringify(good).replace('{', '{"tenant_id":"birch",')
    expect(() => readExternalToken(new TextEncoder().encode(text), terms(), NOW)).toThrow('invalid')
  })

  test('AU20: the rules say which claim names the tenant, and names of object members are none', () => {
    const mapped = terms({ tenant_claim: 'org', tenant_map: { 'org-7': ACME } })
    expect(read({ ...good, org: 'org-7' }, mapped).tenantId).toBe(ACME)
    for (const org of ['acme', 'constructor', '__proto__', 'toString', ['org-7'], undefined])
      expect(verdict({ ...good, org }, mapped)).toBe('invalid')
    expect(read({ ...good, tenant_id: 'birch' }, terms({ fixed_tenant: ACME })).tenantId).toBe(ACME)
    expect(verdict(good, terms({ tenant_claim: 'constructor' }))).toBe('invalid')
  })

  test.each(['gatehouse:audit', 'service:importer', 'operator:root'])(
    'AU21: it never speaks for %s, even with users of the same name',
    sub => {
      expect(verdict({ ...good, sub }, terms({ same_users: true }, ''))).toBe('invalid')
      expect(read({ ...good, sub }).subject).toBe(`login.acme.test|${sub}`)
    },
  )

  test.each([7, '', ' ada', 'a\nb', 'a\u202eb', ['ada'], 'x'.repeat(200)])('AU21: %j is no user', sub =>
    expect(verdict({ ...good, sub })).toBe('invalid'),
  )

  test('scopes may be a text or a list; what is neither, or no text within, is none', () => {
    const scopes = (scope: unknown) => [...read({ ...good, scope }).scopes]
    expect(scopes(['documents:read', 7, null])).toEqual(['documents:read'])
    expect(scopes('')).toEqual([])
    expect(scopes({ a: 1 })).toEqual([])
    const map = terms({ scope_map: { r: ['documents:read'], w: ['documents:read', 'documents:write'] } })
    expect([...read({ ...good, scope: 'r w toString' }, map).scopes]).toEqual([
      'documents:read',
      'documents:write',
    ])
  })
})

test('what two issuers call the same are two tokens, and no id of a foreign token is one of ours', () => {
  const one = externalTokenId('https://a.test', 'j1')
  expect(externalTokenId('https://b.test', 'j1')).not.toBe(one)
  expect(externalTokenId('https://a.test', 'j1')).toBe(one)
  expect(one).toMatch(/^ext:[0-9a-f]{40}$/)
})
