import {
  base64url,
  CompactSign,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type CryptoKey,
  type JWK,
} from 'jose'
import { createHmac, createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Database, Statement, Writer } from '../platform/db/database.ts'
import { onWire } from '../platform/db/statements.ts'
import { Fault } from '../platform/faults.ts'
import { authenticator, type Authenticate } from './authenticate.ts'
import { tokenTrust, type TokenTrust } from './tokens/token-trust.ts'
import { UNAUTHENTICATED } from './tokens/unauthenticated.ts'

const ISSUER = 'https://gatehouse.test'
const AUDIENCE = `${ISSUER}/mcp`
const TENANT = '0198c0de-0000-7000-8000-00000000000a'
const KID = 'key-0001'

type Report = (...words: unknown[]) => void

let signing: { privateKey: CryptoKey; publicKey: CryptoKey }
let publicJwk: JWK
beforeAll(async () => {
  signing = await generateKeyPair('RS256', { extractable: true })
  publicJwk = await exportJWK(signing.publicKey)
})

/** What the database holds, and every statement it was sent. */
let tables: {
  keys: { kid: string; public_jwk: unknown; accepted_until: Date | null }[]
  revoked: string[]
  sent: string[]
}
let trust: TokenTrust
let authenticate: Authenticate

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  tables = { keys: [{ kid: KID, public_jwk: publicJwk, accepted_until: null }], revoked: [], sent: [] }
  const all = async (statement: Statement): Promise<unknown[]> => {
    const { text, values = [] } = onWire(statement)
    tables.sent.push(`${text} ${values.join(' ')}`)
    if (text.includes('signing_key')) return tables.keys
    return tables.revoked.map(token_id => ({
      token_id,
      revoked_at: new Date(),
      expires_at: new Date(Date.now() + 3.6e6),
    }))
  }
  const system: Database['system'] = (_reason, fn) => fn({ all } as Writer)
  trust = tokenTrust({ database: { system }, log: { warn: vi.fn<Report>(), info: vi.fn<Report>() } })
  await trust.refresh()
  authenticate = authenticator({ trust, issuer: ISSUER, audience: AUDIENCE })
})
afterEach(() => void vi.useRealTimers())

const now = (): number => Math.floor(Date.now() / 1000)
const claims = (more: object = {}): Record<string, unknown> => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'ada',
  tenant_id: TENANT,
  scope: 'documents:read',
  iat: now(),
  nbf: now(),
  exp: now() + 3600,
  jti: randomUUID(),
  ...more,
})
const header = { alg: 'RS256', typ: 'at+jwt', kid: KID }
const parts = (token: string) => token.split('.') as [string, string, string]
const encoded = (value: object): string => base64url.encode(JSON.stringify(value))

interface Signing {
  readonly header?: object
  readonly payload?: object
  readonly key?: CryptoKey
}
function sign({
  header: more = {},
  payload = claims(),
  key = signing.privateKey,
}: Signing = {}): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(payload))
  return new CompactSign(text).setProtectedHeader({ ...header, ...more }).sign(key)
}
/** A token whose signature is a MAC with the given secret. */
function macToken(head: object, secret: string | Buffer): string {
  const body = `${encoded({ ...header, ...head })}.${encoded(claims())}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}
/** The reason of a refusal that says its fixed sentence; anything else as it came. */
async function refusal(authorization: string | undefined): Promise<unknown> {
  const answer = await authenticate(authorization).catch((error: unknown) => error)
  if (!(answer instanceof Fault) || answer.code !== 'unauthenticated') return answer
  const says: Record<string, string> = UNAUTHENTICATED
  return says[answer.reason ?? ''] === answer.say ? answer.reason : answer
}

describe('the header', () => {
  test('a good token names its tenant and user', async () => {
    const token = await sign({ payload: claims({ jti: 'token-1' }) })
    expect(await authenticate(`Bearer ${token}`)).toMatchObject({
      realm: 'tenant',
      tenantId: TENANT,
      subject: 'ada',
      tokenId: 'token-1',
      scopes: new Set(['documents:read']),
    })
  })

  test('AU25: the scheme is Bearer in any case', async () => {
    const token = await sign()
    for (const scheme of ['bearer', 'BEARER', 'Bearer '])
      expect(await authenticate(`${scheme} ${token}`)).toBeDefined()
  })

  test.each([undefined, '', 'Basic YTpi', 'Bearer2 abc', 'DPoP abc'])(
    '%j holds no access token',
    async given => expect(await refusal(given)).toBe('missing'),
  )

  test.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,Bearer b',
    'Bearer a\u00e4',
    'Bearer "a"',
    'Bearer\ta',
  ])('%j is malformed', async given => expect(await refusal(given)).toBe('malformed'))

  test('AU25: a token over 8 KB is refused before anything of it is read', async () => {
    const token = await sign({ payload: claims({ padding: 'x'.repeat(8_000) }) })
    expect(token.length).toBeGreaterThan(8_192)
    expect(await refusal(`Bearer ${token}`)).toBe('malformed')
    expect(await refusal(`Bearer ${'a'.repeat(8_192)}`)).toBe('invalid')
  })

  test.each(['abc', 'a.b', 'a.b.c', '..', 'e30.e30.e30', 'e30.e30.', 'a.b.c.d.e', '-._~+/=='])(
    'AU14: what is no signed token is not valid: %s',
    async token => expect(await refusal(`Bearer ${token}`)).toBe('invalid'),
  )
})

describe('the signature and its key', () => {
  test('AU01: alg none is refused, with an empty signature and with a real one', async () => {
    const [, , real] = parts(await sign())
    for (const alg of ['none', 'None', 'NONE', '']) {
      const body = `${encoded({ ...header, alg })}.${encoded(claims())}`
      expect(await refusal(`Bearer ${body}.`)).toBe('invalid')
      expect(await refusal(`Bearer ${body}.${real}`)).toBe('invalid')
    }
  })

  test('AU02: the algorithm has one spelling', async () => {
    const [, payload, signature] = parts(await sign())
    for (const alg of ['NoNe', 'nONE', 'rs256', 'Rs256', 'RS256 ', ['RS256'], null, { alg: 'RS256' }]) {
      expect(await refusal(`Bearer ${encoded({ ...header, alg })}.${payload}.${signature}`)).toBe('invalid')
    }
  })

  test('AU03: a MAC with the public key as its secret is refused', async () => {
    const spki = await exportSPKI(signing.publicKey)
    for (const secret of [
      spki,
      spki.trim(),
      JSON.stringify(publicJwk),
      Buffer.from(String(publicJwk.n), 'base64url'),
    ]) {
      expect(await refusal(`Bearer ${macToken({ alg: 'HS256' }, secret)}`)).toBe('invalid')
      expect(await refusal(`Bearer ${macToken({ alg: 'RS256' }, secret)}`)).toBe('invalid')
    }
  })

  test('AU04: other algorithms are refused, even with a key that is known', async () => {
    const ec = await generateKeyPair('ES256')
    const pss = await generateKeyPair('PS256', { extractable: true })
    tables.keys.push({ kid: 'key-pss1', public_jwk: await exportJWK(pss.publicKey), accepted_until: null })
    await trust.refresh()
    expect(await refusal(`Bearer ${await sign({ header: { alg: 'ES256' }, key: ec.privateKey })}`)).toBe(
      'invalid',
    )
    const signedPss = await sign({ header: { alg: 'PS256', kid: 'key-pss1' }, key: pss.privateKey })
    expect(await refusal(`Bearer ${signedPss}`)).toBe('invalid')
  })

  test('AU04: a key of 1024 bits verifies nothing, although it is in the table', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
    tables.keys.push({
      kid: 'key-weak',
      public_jwk: weak.publicKey.export({ format: 'jwk' }),
      accepted_until: null,
    })
    await trust.refresh()
    const body = `${encoded({ ...header, kid: 'key-weak' })}.${encoded(claims())}`
    const signature = createSign('RSA-SHA256').update(body).sign(weak.privateKey, 'base64url')
    expect(await refusal(`Bearer ${body}.${signature}`)).toBe('invalid')
  })

  test.each(['../../../dev/null', '/dev/null', `../${KID}`, `${KID}\u0000`, '__proto__', 'constructor', ''])(
    'AU05: the kid %j names no key',
    async kid => {
      expect(await refusal(`Bearer ${macToken({ alg: 'HS256', kid }, '')}`)).toBe('invalid')
      expect(await refusal(`Bearer ${await sign({ header: { kid } })}`)).toBe('invalid')
    },
  )

  test('AU05: a kid that is no text, or none, names no key', async () => {
    const [, payload, signature] = parts(await sign())
    for (const kid of [7, [KID], { kid: KID }, null, undefined]) {
      expect(await refusal(`Bearer ${encoded({ ...header, kid })}.${payload}.${signature}`)).toBe('invalid')
    }
  })

  test('AU06: nothing of a kid reaches SQL', async () => {
    const kid = "x' UNION SELECT 'k'--"
    expect(await refusal(`Bearer ${await sign({ header: { kid } })}`)).toBe('invalid')
    expect(tables.sent.join()).not.toContain('UNION')
  })

  test('AU07: SQL in the Authorization header is malformed and causes no statement at all', async () => {
    const before = tables.sent.length
    expect(await refusal(`Bearer ' UNION SELECT token FROM app.token--`)).toBe('malformed')
    expect(await refusal(`' OR 1=1; drop table app.tenant --`)).toBe('missing')
    expect(tables.sent).toHaveLength(before)
  })

  test('AU08: keys that a token brings or points to are neither used nor fetched', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch')
    const evil = await generateKeyPair('RS256', { extractable: true })
    const jwk = await exportJWK(evil.publicKey)
    for (const more of [
      { jku: 'https://evil.test/jwks.json' },
      { x5u: 'https://evil.test/cert.pem' },
      { jwk },
      { x5c: ['MIIB'] },
      { jwk, jku: 'https://evil.test/jwks.json' },
    ]) {
      expect(await refusal(`Bearer ${await sign({ header: more, key: evil.privateKey })}`)).toBe('invalid')
      expect(
        await refusal(`Bearer ${await sign({ header: { ...more, kid: 'unknown1' }, key: evil.privateKey })}`),
      ).toBe('invalid')
      // Signed by the right key they change nothing.
      expect(await authenticate(`Bearer ${await sign({ header: more })}`)).toBeDefined()
    }
    expect(fetched).not.toHaveBeenCalled()
  })

  test('AU08: a critical extension is refused, known to the library or not', async () => {
    const [, payload, signature] = parts(await sign())
    for (const more of [
      { crit: ['b64'], b64: true },
      { crit: ['b64'], b64: false },
      { crit: ['exp'] },
      { crit: [] },
    ]) {
      expect(await refusal(`Bearer ${encoded({ ...header, ...more })}.${payload}.${signature}`)).toBe(
        'invalid',
      )
    }
    expect(await refusal(`Bearer ${await sign({ header: { crit: ['b64'], b64: true } })}`)).toBe('invalid')
  })

  test.each([
    'JWT',
    'at+JWT',
    'application/at+jwt',
    'id+jwt',
    'rt+jwt',
    'logout+jwt',
    '',
    undefined,
    ['at+jwt'],
  ])('AU13: a token of type %j is no access token', async typ =>
    expect(await refusal(`Bearer ${await sign({ header: { typ } })}`)).toBe('invalid'),
  )

  test('a changed payload, header or signature is not valid', async () => {
    const [head, payload, signature] = parts(await sign())
    const other = encoded(claims({ tenant_id: TENANT.replace(/a$/, 'b') }))
    expect(await refusal(`Bearer ${head}.${other}.${signature}`)).toBe('invalid')
    expect(await refusal(`Bearer ${encoded({ ...header, extra: 1 })}.${payload}.${signature}`)).toBe(
      'invalid',
    )
    const changed = signature.replace(/^./, first => (first === 'A' ? 'B' : 'A'))
    expect(await refusal(`Bearer ${head}.${payload}.${changed}`)).toBe('invalid')
  })

  test('no oracle: a forged token that is also expired, for another audience or revoked is just not valid', async () => {
    const evil = await generateKeyPair('RS256')
    tables.revoked = ['token-1']
    await trust.refresh()
    for (const more of [{ exp: now() - 60 }, { nbf: now() + 600 }, { aud: 'ui' }, { jti: 'token-1' }]) {
      expect(await refusal(`Bearer ${await sign({ payload: claims(more), key: evil.privateKey })}`)).toBe(
        'invalid',
      )
    }
  })
})

describe('the claims', () => {
  test.each([
    ['AU09', { iat: 1, exp: 61, nbf: 1 }, 'expired'],
    ['AU09', { nbf: 9_999_999_999 }, 'not_yet_valid'],
    ['AU10', { jti: undefined }, 'invalid'],
    ['AU10', { tenant_id: undefined }, 'invalid'],
    ['AU11', { aud: 'ui' }, 'wrong_audience'],
    ['AU11', { aud: [AUDIENCE, 'ui'] }, 'wrong_audience'],
    ['AU12', { iss: 'https://evil.test' }, 'invalid'],
    ['AU14', { exp: '9999999999' }, 'invalid'],
    ['AU20', { tenant_id: TENANT.toUpperCase() }, 'invalid'],
    ['AU21', { user_id: 'mallory' }, 'invalid'],
  ])('%s: a well signed token with %j is %s', async (_id, more, reason) =>
    expect(await refusal(`Bearer ${await sign({ payload: claims(more) })}`)).toBe(reason),
  )
})

describe('a token that was good a moment ago', () => {
  test('is not verified again within a minute', async () => {
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const bearer = `Bearer ${await sign()}`
    const first = await authenticate(bearer)
    expect(await authenticate(bearer)).toBe(first)
    expect(verify).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(60_000)
    await trust.refresh()
    await authenticate(bearer)
    expect(verify).toHaveBeenCalledTimes(2)
    verify.mockRestore()
  })

  test('AU15: is refused as soon as its revocation is known', async () => {
    const bearer = `Bearer ${await sign({ payload: claims({ jti: 'token-1' }) })}`
    await authenticate(bearer)
    tables.revoked = ['token-1']
    await trust.refresh()
    expect(await refusal(bearer)).toBe('revoked')
    expect(await refusal(`Bearer ${await sign()}`)).not.toBe('revoked')
  })

  test('AU19: outlives the rotation of its key, and not the retirement', async () => {
    const bearer = `Bearer ${await sign()}`
    await authenticate(bearer)
    tables.keys = [{ kid: KID, public_jwk: publicJwk, accepted_until: new Date(Date.now() + 10_000) }]
    await trust.refresh()
    expect(await authenticate(bearer)).toBeDefined()
    vi.advanceTimersByTime(10_000)
    expect(await refusal(bearer)).toBe('invalid')
    tables.keys = []
    await trust.refresh()
    expect(await refusal(bearer)).toBe('invalid')
  })

  test('is refused when it expires, to the second plus tolerance', async () => {
    const bearer = `Bearer ${await sign({ payload: claims({ exp: now() + 30 }) })}`
    await authenticate(bearer)
    vi.advanceTimersByTime(36_000)
    expect(await refusal(bearer)).toBe('expired')
  })

  test('a key known for less than a second is found by looking again (AU19), a flood of unknown ones reads once (AU18)', async () => {
    const next = await generateKeyPair('RS256')
    tables.keys.push({ kid: 'key-0002', public_jwk: await exportJWK(next.publicKey), accepted_until: null })
    expect(
      await authenticate(`Bearer ${await sign({ header: { kid: 'key-0002' }, key: next.privateKey })}`),
    ).toBeDefined()
    const before = tables.sent.length
    for (let n = 0; n < 200; n++)
      expect(await refusal(`Bearer ${await sign({ header: { kid: `flood-${n}` } })}`)).toBe('invalid')
    expect(tables.sent).toHaveLength(before)
  })

  test('AU16: when revocations could not be read for a minute no token is good; who brings none is told so', async () => {
    const bearer = `Bearer ${await sign()}`
    await authenticate(bearer)
    vi.advanceTimersByTime(60_001)
    await expect(authenticate(bearer)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await refusal(undefined)).toBe('missing')
  })
})
