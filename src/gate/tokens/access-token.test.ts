import { describe, expect, test } from 'vitest'
import { readAccessToken } from './access-token.ts'

const NOW = 1_800_000_000
const TENANT = '0198c0de-0000-7000-8000-00000000000a'
const rules = { issuer: 'https://gatehouse.test', audience: 'https://gatehouse.test/mcp', now: NOW }
const good = {
  iss: rules.issuer,
  aud: rules.audience,
  sub: 'ada',
  user_id: 'ada',
  tenant_id: TENANT,
  client_id: 'gatehouse-cli',
  scope: 'documents:read documents:write',
  iat: NOW - 10,
  nbf: NOW - 10,
  exp: NOW + 3600,
  jti: 'b7c1f0a2-4a55-4c0e-9f57-0f6a1b2c3d4e',
}

/** What is said about a payload: 'ok' or the reason of the refusal. */
function verdict(claims: object | string): string {
  const text = typeof claims === 'string' ? claims : JSON.stringify(claims)
  try {
    readAccessToken(new TextEncoder().encode(text), rules)
    return 'ok'
  } catch (error) {
    return (error as { reason: string }).reason
  }
}

const without = (name: string): object =>
  Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))

describe('the claims of an access token', () => {
  test('a good payload becomes the frozen principal it names', () => {
    const { principal, issuedAt } = readAccessToken(new TextEncoder().encode(JSON.stringify(good)), rules)
    expect(issuedAt).toBe(good.iat)
    expect(principal).toEqual({
      realm: 'tenant',
      tenantId: TENANT,
      subject: 'ada',
      scopes: new Set(['documents:read', 'documents:write']),
      tokenId: good.jti,
      expiresAt: good.exp,
    })
    expect(Object.isFrozen(principal)).toBe(true)
  })

  test.each(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub', 'tenant_id', 'scope'])(
    'AU10: a token without %s is not valid',
    name => expect(verdict(without(name))).toBe('invalid'),
  )

  test.each([
    ['an expired one', { iat: NOW - 4000, exp: NOW - 60 }, 'expired'],
    ['one not begun', { nbf: NOW + 600 }, 'not_yet_valid'],
    ['one issued in the future', { iat: NOW + 3600, exp: NOW + 7200 }, 'not_yet_valid'],
  ])('AU09: %s is refused', (_what, claims, reason) => expect(verdict({ ...good, ...claims })).toBe(reason))

  test('AU09: clocks may differ by five seconds and no more', () => {
    expect(verdict({ ...good, exp: NOW - 4 })).toBe('ok')
    expect(verdict({ ...good, exp: NOW - 5 })).toBe('expired')
    expect(verdict({ ...good, nbf: NOW + 5 })).toBe('ok')
    expect(verdict({ ...good, nbf: NOW + 6 })).toBe('not_yet_valid')
    expect(verdict({ ...good, iat: NOW + 5 })).toBe('ok')
    expect(verdict({ ...good, iat: NOW + 6 })).toBe('not_yet_valid')
  })

  test.each([
    ['another resource', 'https://gatehouse.test/a2a'],
    ['the bare name', 'mcp'],
    ['a trailing slash', 'https://gatehouse.test/mcp/'],
    ['an array of several', [rules.audience, 'https://other.test']],
    ['an array of the right one alone', [rules.audience]],
    ['an empty array', []],
  ])('AU11: a token for %s is for the wrong audience', (_what, aud) =>
    expect(verdict({ ...good, aud })).toBe('wrong_audience'),
  )

  test.each(['https://evil.test', 'https://gatehouse.test/', 'HTTPS://gatehouse.test', ''])(
    'AU12: a token issued by "%s" is not valid',
    iss => expect(verdict({ ...good, iss })).toBe('invalid'),
  )

  test.each([
    ['tenant_id an array', { tenant_id: [TENANT, TENANT] }],
    ['tenant_id an object', { tenant_id: { toString: TENANT } }],
    ['exp text', { exp: '9999999999' }],
    ['exp a fraction', { exp: NOW + 0.5 }],
    ['exp too large to be exact', { exp: 1e300 }],
    ['nbf null', { nbf: null }],
    ['iat text', { iat: String(NOW) }],
    ['sub a number', { sub: 7 }],
    ['jti a number', { jti: 7 }],
    ['jti empty', { jti: '' }],
    ['aud a number', { aud: 7 }],
    ['iss an array', { iss: [rules.issuer] }],
    ['scope an array', { scope: ['documents:read'] }],
    ['user_id an array', { user_id: ['ada'] }],
  ])('AU14: %s is not valid', (_what, claims) => expect(verdict({ ...good, ...claims })).toBe('invalid'))

  test.each(['[]', '"text"', 'null', '7', '', '{', '{"a":1}}'])('AU14: the payload %s is not valid', text =>
    expect(verdict(text)).toBe('invalid'),
  )

  test('AU14: a payload that is not UTF-8 is not valid', () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...good, sub: 'adaX' }))
    bytes[bytes.lastIndexOf(0x58)] = 0xff
    expect(() => readAccessToken(bytes, rules)).toThrow('no JSON')
  })

  test('AU14: a claim that stands twice is not valid, even spelt differently', () => {
    const other = '0198c0de-0000-7000-8000-00000000000b'
    const text = JSON.stringify(good)
    expect(verdict(text.replace('{', `{"tenant_id":"${other}",`))).toBe('invalid')
    expect(verdict(text.replace(/}$/, `,"tenant_id":"${TENANT}"}`))).toBe('invalid')
    expect(verdict(text.replace('{', String.raw`{"tenant\u005fid":"${other}",`))).toBe('invalid')
  })

  test('AU14: repeated names are told from names that repeat at another depth or within text', () => {
    const act = { sub: 'x', tenant_id: '{":":[', nested: [{ tenant_id: 1 }] }
    expect(verdict({ ...good, act, note: '"tenant_id":"\\"' })).toBe('ok')
    expect(verdict(JSON.stringify({ ...good, act }, null, 2))).toBe('ok')
  })

  test.each([
    ['upper case', TENANT.toUpperCase()],
    ['braces', `{${TENANT}}`],
    ['no hyphens', TENANT.replaceAll('-', '')],
    ['a space', ` ${TENANT}`],
    ['a line end', `${TENANT}\n`],
    ['urn:uuid:', `urn:uuid:${TENANT}`],
    ['a short name', 'acme'],
    ['SQL', `${TENANT}'; set local role postgres; --`],
  ])('AU20: a tenant has one spelling: %s is not valid', (_what, tenant_id) =>
    expect(verdict({ ...good, tenant_id })).toBe('invalid'),
  )

  test('AU20: no claim but tenant_id names the tenant', () => {
    const others = {
      tenant: 'b',
      tid: 'b',
      org_id: 'b',
      'X-Tenant-Id': 'b',
      ['__proto__']: { tenant_id: 'b' },
    }
    const payload = new TextEncoder().encode(JSON.stringify({ ...good, ...others }))
    expect(readAccessToken(payload, rules).principal.tenantId).toBe(TENANT)
  })

  test('AU21: the user is sub, and a user_id that says otherwise is not valid', () => {
    expect(verdict({ ...good, user_id: 'mallory' })).toBe('invalid')
    expect(verdict(without('user_id'))).toBe('ok')
  })

  test.each(['', ' ada', 'ada ', 'a\u0000b', 'a\nb', 'a\u202eb', 'a\u200bb', 'x'.repeat(201)])(
    'AU21: the subject %j is not valid',
    sub => expect(verdict({ ...good, sub, user_id: sub })).toBe('invalid'),
  )

  test.each(['', ' ', 'a  b', ' a', 'a ', 'a\tb', 'a"b', 'a\\b', 'ä'])('the scope %j is not valid', scope =>
    expect(verdict({ ...good, scope })).toBe('invalid'),
  )

  test('a token lives for 24 hours at most', () => {
    expect(verdict({ ...good, exp: good.iat + 86_400 })).toBe('ok')
    expect(verdict({ ...good, exp: good.iat + 86_401 })).toBe('invalid')
  })
})
