// Tokens of a foreign issuer, which is a real OpenID provider (oidc-provider): whom they speak for, what they may, what
// they may never, and what becomes of them when the issuer rotates its keys or is away.
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Fault } from '../../src/platform/faults.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { openOidcIssuer, type OidcIssuer, type TokenOptions } from '../harness/oidc-issuer.ts'

const AUDIENCE = 'https://docs.acme.test'

let idp: OidcIssuer
let g: TestGatehouse
let acme: string
let birch: string
let passed = 0
beforeAll(async () => {
  const elapsed = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => elapsed() + passed)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  vi.spyOn(console, 'info').mockImplementation(() => undefined)
  idp = await openOidcIssuer()
  g = await openTestGatehouse({ GATEHOUSE_PRIVATE_ISSUER_HOSTS: idp.host })
  acme = await g.createTenant('acme')
  birch = await g.createTenant('birch')
})
afterAll(async () => {
  await g.close()
  await idp.close()
})
afterEach(() => void vi.useRealTimers())

const trust = (rules: object = {}, more: object = {}) =>
  g.gatehouse.operate('trust_issuer', {
    issuer: idp.issuer,
    jwks_url: idp.jwksUrl,
    audience: AUDIENCE,
    tenants: ['acme'],
    rules: { may_miss: ['nbf'], ...rules },
    ...more,
  })
const token = ({ claims, ...more }: Partial<TokenOptions> = {}): Promise<string> =>
  idp.token({
    resource: AUDIENCE,
    scope: 'documents:read documents:write',
    claims: { tenant_id: 'acme', ...claims },
    ...more,
  })
const enter = (text: string) => g.gatehouse.authenticate(`Bearer ${text}`)
const outcome = (entering: Promise<unknown>): Promise<string> =>
  entering.then(
    () => 'accepted',
    (error: unknown) => (error as Fault).reason ?? (error as Fault).code,
  )
/** So much time passes for whatever measures it; the wall clock stays. */
async function pass(ms: number): Promise<void> {
  passed += ms
  await g.gatehouse.trust.refresh()
}

describe('trusting an issuer', () => {
  test('its keys are fetched first: a wrong address, or one that is not public, is told at once', async () => {
    const reason = (more: object) => outcome(trust({}, more))
    expect(await reason({ jwks_url: `${idp.issuer}/nothing` })).toBe('url_status')
    expect(await reason({ jwks_url: 'https://169.254.169.254/jwks' })).toBe('url_not_allowed')
    expect(await reason({ jwks_url: 'http://127.0.0.1:1/jwks' })).toBe('url_not_allowed')
    expect(await reason({ jwks_url: `${idp.issuer}/.well-known/openid-configuration` })).toBe('no_key_set')
    expect(await g.gatehouse.operate('list_issuers', {})).toEqual({ issuers: [] })
  })

  test('what would accept nothing or too much is refused', async () => {
    const reason = (rules: object, more: object = {}) => outcome(trust(rules, more))
    expect(await reason({}, { issuer: 'http://127.0.0.1:8080' })).toBe('own_issuer')
    expect(await reason({}, { tenants: ['nobody'] })).toBe('unknown_tenant')
    expect(await reason({ fixed_tenant: 'birch' })).toBe('tenant_not_listed')
    expect(await reason({ tenant_map: { b: 'birch' } })).toBe('tenant_not_listed')
    expect(await reason({ unknown_rule: 1 })).toBe('invalid_input')
    expect(await reason({ may_miss: ['exp'] })).toBe('invalid_input')
    expect(await reason({ default_role: 'root' })).toBe('invalid_input')
  })

  test('before it is trusted its tokens are not valid, and neither are they afterwards', async () => {
    const text = await token()
    expect(await outcome(enter(text))).toBe('invalid')
    expect(await trust()).toMatchObject({
      issuer: { issuer: idp.issuer, tenants: [acme] },
      keys: [expect.any(String)],
    })
    expect(await outcome(enter(text))).toBe('accepted')
    await g.gatehouse.operate('distrust_issuer', { issuer: idp.issuer })
    expect(await outcome(enter(text))).toBe('invalid')
    expect(await outcome(g.gatehouse.operate('distrust_issuer', { issuer: idp.issuer }))).toBe('not_found')
  })
})

describe('a token of a trusted issuer', () => {
  beforeAll(async () => void (await trust()))

  test('opens /mcp as a user apart from ours, with no more than the default role allows', async () => {
    const text = await token()
    expect(decodeProtectedHeader(text)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' })
    expect(await enter(text)).toMatchObject({
      tenantId: acme,
      subject: '127.0.0.1|agent',
      scopes: new Set(['documents:read']),
      expiresAt: decodeJwt(text).exp,
    })
    expect((await g.call(text, 'list_documents', {})).status).toBe(200)
    expect((await g.call(text, 'add_document', { title: 'a', content: 'b' })).status).toBe(403)
  })

  test('AU12: for a tenant that the issuer may not speak for is not valid, by whatever name', async () => {
    for (const tenant_id of ['birch', birch, 'nobody', '', 7, ['acme'], null, 'ACME', 'acme '])
      expect(await outcome(enter(await token({ claims: { tenant_id } })))).toBe('invalid')
    expect(await outcome(enter(await token({ claims: { tenant_id: acme } })))).toBe('accepted')
  })

  test('AU11: for another audience opens nothing', async () => {
    for (const resource of ['https://other.acme.test', `${AUDIENCE}/`, 'http://127.0.0.1:8080/mcp'])
      expect(await outcome(enter(await token({ resource })))).toBe('wrong_audience')
  })

  test('AU09: is refused when it has expired', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 607_000 })
    const text = await token({ ttl: 600 })
    vi.useRealTimers()
    expect(await outcome(enter(text))).toBe('expired')
  })

  test('AU10: must have what its rules do not let it lack', async () => {
    const text = await token()
    expect(await outcome(enter(text))).toBe('accepted')
    await trust({ may_miss: [] })
    expect(await outcome(enter(text))).toBe('invalid')
    await trust()
    expect(await outcome(enter(text))).toBe('accepted')
  })

  test('speaks for ours of the same name only when the rules say so, and never for an internal subject', async () => {
    await trust({ same_users: true })
    expect(await enter(await token())).toMatchObject({ subject: 'agent' })
    await trust({ same_users: true, user_claim: 'who' })
    expect(await enter(await token({ claims: { who: 'ada' } }))).toMatchObject({ subject: 'ada' })
    for (const who of ['gatehouse:audit', 'service:importer', 'operator:root', '', ' ada', 7])
      expect(await outcome(enter(await token({ claims: { who } })))).toBe('invalid')
    await trust()
  })

  test('is bounded by the role that the tenant gave its user, instead of the default', async () => {
    await g.gatehouse.opened.database.writeAs(
      { tenantId: acme, subject: 'gatehouse:test', rights: ['people'] },
      tx =>
        tx.run(sql`insert into app.tenant_user (tenant_id, id, name, role)
          values (${acme}, '127.0.0.1|agent', 'Agent', 'member')`),
    )
    await g.gatehouse.trust.refresh()
    expect((await enter(await token())).scopes).toEqual(new Set(['documents:read', 'documents:write']))
  })

  test('makes no key, which would outlive the trust in its issuer, until the tenant has described its user', async () => {
    await trust({
      default_role: 'member',
      user_claim: 'who',
      fixed_scopes: ['documents:read', 'keys:write'],
    })
    const who = await enter(await token({ claims: { who: 'eve' } }))
    const make = () =>
      g.gatehouse.run(
        g.gatehouse.catalog.find(({ name }) => name === 'create_api_key')!,
        { name: 'mine', scopes: ['documents:read'] },
        who,
        { requestId: 'test', signal: AbortSignal.timeout(30_000) },
      )
    expect(who.scopes).toContain('keys:write')
    expect(await outcome(make())).toBe('undescribed_user')
    await g.gatehouse.opened.database.writeAs(
      { tenantId: acme, subject: 'gatehouse:test', rights: ['people'] },
      tx =>
        tx.run(sql`insert into app.tenant_user (tenant_id, id, name, role)
          values (${acme}, ${who.subject}, 'Eve', 'member') on conflict do nothing`),
    )
    expect(await outcome(make())).toBe('accepted')
    await trust()
  })

  test('says its scopes in its own words, which the rules translate', async () => {
    await trust({ scope_map: { 'docs.read': ['documents:read'] } })
    expect((await enter(await token({ scope: 'docs.read other.thing' }))).scopes).toEqual(
      new Set(['documents:read']),
    )
    expect((await enter(await token({ scope: 'documents:write' }))).scopes).toEqual(new Set())
    await trust({ fixed_scopes: ['documents:read'], scope_claim: 'nothing' })
    expect((await enter(await token({ scope: '' }))).scopes).toEqual(new Set(['documents:read']))
    await trust()
  })

  test('can be revoked by showing it, and no other is revoked with it', async () => {
    const [text, other] = [await token(), await token()]
    await g.gatehouse.operate('revoke_token', { token: text })
    expect(await outcome(enter(text))).toBe('revoked')
    expect(await outcome(enter(other))).toBe('accepted')
    const ours = await g.gatehouse.operate('create_token', { tenant: 'acme', user: 'ada' })
    expect(await outcome(enter(String(ours['token'])))).toBe('accepted')
  })
})

describe('the keys of a trusted issuer', () => {
  test('AU18: a thousand tokens that name unknown keys cause one fetch', async () => {
    const [, payload = '', signature = ''] = (await token()).split('.')
    await enter(await token())
    await pass(31_000)
    const before = idp.fetches()
    const forged = Array.from({ length: 1_000 }, (_, n) => {
      const head = Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid: `made-up-${n}` })).toString(
        'base64url',
      )
      return outcome(enter(`${head}.${payload}.${signature}`))
    })
    expect(new Set(await Promise.all(forged))).toEqual(new Set(['invalid']))
    expect(idp.fetches() - before).toBe(1)
  })

  test('AU19: one that was announced signs from one moment to the next and no token is refused', async () => {
    await pass(31_000)
    await idp.announce()
    const old = await token()
    // As every five minutes.
    await pass(301_000)
    await enter(old)
    await vi.waitFor(async () => expect(await outcome(enter(await token()))).toBe('accepted'))
    const outcomes: string[] = []
    for (let n = 0; n < 40; n++) {
      if (n === 20) await idp.rotate({ keepOld: true })
      outcomes.push(await outcome(enter(await token())), await outcome(enter(old)))
    }
    expect(new Set(outcomes)).toEqual(new Set(['accepted']))
  })

  test('AU19: one that nobody announced is accepted after one fetch, and what it replaced is refused', async () => {
    const old = await token()
    await enter(old)
    await idp.rotate()
    await pass(31_000)
    const before = idp.fetches()
    expect(await outcome(enter(await token()))).toBe('accepted')
    expect(idp.fetches() - before).toBe(1)
    expect(await outcome(enter(old))).toBe('invalid')
  })

  test('AU16: the issuer may be away for an hour', async () => {
    const text = await token()
    await enter(text)
    idp.down = true
    await pass(3_500_000)
    expect(await outcome(enter(text))).toBe('accepted')
    await pass(200_000)
    expect(await outcome(enter(text))).toBe('issuer_unavailable')
    idp.down = false
    await pass(31_000)
    expect(await outcome(enter(text))).toBe('accepted')
  })
})
