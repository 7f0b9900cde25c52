// API keys and operator keys by outcome, on a whole Gatehouse: what they open, for whom, until when; what is kept of
// them; and what the door makes of headers that are not as they should be.
import { createServer, request, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Principal } from '../../src/gate/call.ts'
import { newKey } from '../../src/gate/keys/key-text.ts'
import { SCOPE_NAMES } from '../../src/gate/scopes.ts'
import type { Fault } from '../../src/platform/faults.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

/** An embedding server that keeps what it was sent. */
const upstream: { headers: IncomingHttpHeaders; body: string }[] = []
const embedder = createServer((incoming, response) => {
  void text(incoming).then(body => {
    upstream.push({ headers: incoming.headers, body })
    const { input } = JSON.parse(body) as { input: string | string[] }
    const embeddings = [input].flat().map((_, n) => [1, n / 10, 0, 0.5])
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ embeddings }))
  })
})

let g: TestGatehouse
let acme: string
let birch: string
beforeAll(async () => {
  await new Promise<void>(resolve => embedder.listen(0, '127.0.0.1', resolve))
  g = await openTestGatehouse({ OLLAMA_URL: `http://127.0.0.1:${(embedder.address() as AddressInfo).port}` })
  acme = await g.createTenant('acme')
  birch = await g.createTenant('birch')
})
afterAll(async () => {
  await g.close()
  embedder.close()
})

interface ApiKey {
  readonly key: string
  readonly id: string
  readonly user: string
  readonly expires_at: string | null
}
const as = (user: string, scopes: readonly string[] = SCOPE_NAMES, tenantId = acme): Principal => ({
  realm: 'tenant',
  tenantId,
  subject: user,
  scopes: new Set(scopes),
  tokenId: 'test-token',
  expiresAt: 4_102_444_800,
})
async function run<Answer = Record<string, unknown>>(
  name: string,
  input: object,
  who: Principal,
): Promise<Answer> {
  const operation = g.gatehouse.catalog.find(one => one.name === name)!
  const context = { requestId: `test-${name}`, signal: AbortSignal.timeout(30_000) }
  return (await g.gatehouse.run(operation, input, who, context)) as Answer
}
const make = (input: object = {}, who: Principal = as('ada')): Promise<ApiKey> =>
  run<ApiKey>('create_api_key', { name: 'notebook', scopes: ['documents:read'], ...input }, who)
const keysOf = async (who: Principal) =>
  (await run<{ keys: Record<string, unknown>[] }>('list_api_keys', {}, who)).keys
const refusal = (running: Promise<unknown>): Promise<string> =>
  running.then(
    () => 'accepted',
    (error: unknown) => (error as Fault).reason ?? (error as Fault).code,
  )
const enter = (key: string) => g.gatehouse.authenticate(`Bearer ${key}`)
const write = (tenantId: string, statement: ReturnType<typeof sql>) =>
  g.gatehouse.opened.database.writeAs({ tenantId, subject: 'gatehouse:test', rights: ['people'] }, tx =>
    tx.run(statement),
  )

describe('an API key', () => {
  test('opens the doors as its maker, with its own scopes alone, for 90 days', async () => {
    const { key, id, user, expires_at } = await make({}, as('ada', ['documents:read', 'keys:write']))
    expect(user).toBe('ada')
    expect(Date.parse(String(expires_at)) - Date.now()).toBeGreaterThan(89.9 * 86_400_000)
    const who = { tenantId: acme, subject: 'ada', scopes: new Set(['documents:read']), tokenId: `key:${id}` }
    expect(await enter(key)).toMatchObject(who)
    expect(await g.gatehouse.authenticateAny(`Bearer ${key}`)).toMatchObject(who)
    expect((await g.call(key, 'list_documents', {})).output).toEqual({ documents: [] })
    expect((await g.call(key, 'add_document', { title: 'a', content: 'b' })).status).toBe(403)
  })

  test('of a service needs users:write to be made, and speaks for the service', async () => {
    expect(
      await refusal(make({ for_service: 'importer' }, as('ada', ['documents:read', 'keys:write']))),
    ).toBe('insufficient_scope')
    const { key, user } = await make({ for_service: 'importer' })
    expect(user).toBe('service:importer')
    expect(await enter(key)).toMatchObject({ subject: 'service:importer' })
  })

  test('never allows more than its maker is allowed', async () => {
    const reader = as('ada', ['documents:read', 'keys:write'])
    for (const scopes of [['documents:write'], ['documents:read', 'audit:read'], ['tenant:write']])
      expect(await refusal(make({ scopes }, reader))).toBe('scope_not_held')
  })

  test('that allows more than documents is made by those who manage users, or not at all', async () => {
    const scopes = ['documents:read', 'audit:read']
    expect(await refusal(make({ scopes }, as('ada', ['keys:write', ...scopes])))).toBe('needs_users_write')
    expect((await make({ scopes }, as('ada', ['keys:write', 'users:write', ...scopes]))).user).toBe('ada')
  })

  test('cannot make keys, which would outlive its own revocation; it can list and revoke them', async () => {
    const { key, id } = await make({ scopes: ['documents:read', 'keys:write'] })
    const wish = { name: 'second', scopes: ['documents:read'] }
    const answer = await fetch(`${g.url}/api/create_api_key`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    })
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({ reason: 'made_by_key' }),
    ])
    const itself = await enter(key)
    expect(await refusal(make(wish, itself))).toBe('made_by_key')
    expect((await keysOf(itself)).map(listed => listed['id'])).toContain(id)
    await run('revoke_api_key', { id }, itself)
    expect(await refusal(enter(key))).toBe('revoked')
  })

  test('has an end within a year, unless an owner says never', async () => {
    expect(await refusal(make({ expires_in_days: 366 }))).toBe('invalid_input')
    expect(await refusal(make({ expires_in_days: null }, as('ada', ['documents:read', 'keys:write'])))).toBe(
      'needs_owner',
    )
    const { key, expires_at } = await make({ expires_in_days: null })
    expect([expires_at, (await enter(key)).expiresAt]).toEqual([null, 253_402_300_799])
  })

  test('AU31: nothing in the database gives it away: a salt and a hash are kept, and its id', async () => {
    const { key, id } = await make()
    const secret = key.split('_').slice(2).join('_').slice(0, 43)
    const { database } = g.gatehouse.opened
    const rows = await database.readAs(
      { tenantId: acme, subject: 'gatehouse:test', reads: 'all' },
      async tx => [
        ...(await tx.all(sql`select k::text as row from app.api_key k`)),
        ...(await tx.all(sql`select a::text as row from app.audit a`)),
      ],
    )
    const standings = await database.system('load_keys', tx =>
      tx.all(sql`select k::text as row, length(salt) as salt, length(secret_hash) as hash from app.key_standing k
        where id = ${id}`),
    )
    const dump = JSON.stringify([rows, standings])
    expect(dump).toContain(id)
    for (const form of [
      secret,
      Buffer.from(secret).toString('hex'),
      Buffer.from(secret, 'base64url').toString('hex'),
    ])
      expect(dump).not.toContain(form)
    expect(standings).toMatchObject([{ salt: 16, hash: 32 }])
  })

  test('is refused from the next call on when it is revoked; revoking it again changes nothing', async () => {
    const { key, id } = await make()
    await enter(key)
    await run('revoke_api_key', { id }, as('ada'))
    expect(await refusal(enter(key))).toBe('revoked')
    const answer = await g.call(key, 'list_documents', {})
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('The access token was revoked.'),
    ])
    await run('revoke_api_key', { id }, as('ada'))
    expect(await refusal(enter(key))).toBe('revoked')
  })

  test('is refused when it ends', async () => {
    const { key, id } = await make()
    await enter(key)
    await g.gatehouse.opened.owner!.transaction(tx =>
      tx.run(sql`update app.key_standing set expires_at = now(), changed_at = now() where id = ${id}`),
    )
    await g.gatehouse.trust.refresh()
    expect(await refusal(enter(key))).toBe('expired')
  })

  test('follows the role of its user, and is refused with it', async () => {
    const scopes = ['documents:read', 'documents:write']
    const { key } = await make({ scopes }, as('grace'))
    expect((await enter(key)).scopes).toEqual(new Set(scopes))
    await write(
      acme,
      sql`insert into app.tenant_user (tenant_id, id, name, role) values (${acme}, 'grace', 'G', 'reader')`,
    )
    await g.gatehouse.trust.refresh()
    expect((await enter(key)).scopes).toEqual(new Set(['documents:read']))
    await write(
      acme,
      sql`update app.tenant_user set disabled_at = now() where tenant_id = ${acme} and id = 'grace'`,
    )
    await g.gatehouse.trust.refresh()
    expect(await refusal(enter(key))).toBe('user_disabled')
  })

  test('is listed with when it was last used, which is written by and by', async () => {
    const { key, id } = await make({ name: 'used' }, as('lin'))
    const mine = as('lin', ['keys:write'])
    expect(await keysOf(mine)).toMatchObject([{ id, name: 'used', status: 'active', last_used_at: null }])
    await enter(key)
    await vi.waitFor(async () => expect((await keysOf(mine))[0]?.['last_used_at']).not.toBeNull(), {
      timeout: 30_000,
      interval: 500,
    })
    expect(JSON.stringify(await keysOf(mine))).not.toContain('hash')
  })

  test('of another user is neither listed nor revoked without the scopes for users, and looks like none', async () => {
    const { id } = await make({ name: 'adas' })
    const mallory = as('mallory', ['keys:write'])
    expect((await keysOf(mallory)).map(key => key['name'])).not.toContain('adas')
    const foreign = await run('revoke_api_key', { id }, mallory).catch((error: unknown) => error as Fault)
    const unknown = await run('revoke_api_key', { id: '0'.repeat(12) }, mallory).catch(
      (e: unknown) => e as Fault,
    )
    expect((foreign as Fault).say.replace(id, '…')).toBe((unknown as Fault).say.replace('0'.repeat(12), '…'))
    expect((await keysOf(as('boss'))).map(key => key['name'])).toContain('adas')
    await run('revoke_api_key', { id }, as('boss'))
  })

  test('of another tenant is neither listed nor revoked by anybody', async () => {
    const { key, id } = await make({ name: 'acmes' })
    const boss = as('boss', SCOPE_NAMES, birch)
    expect(await keysOf(boss)).toEqual([])
    expect(await refusal(run('revoke_api_key', { id }, boss))).toBe('not_found')
    expect(await enter(key)).toMatchObject({ tenantId: acme })
  })

  test('that nobody has is refused as one with a wrong secret is', async () => {
    const { id } = await make()
    const other = newKey('tenant').text
    const says = async (key: string) => ((await enter(key).catch((error: unknown) => error)) as Fault).say
    expect(await says(other)).toBe(await says(other.replace(other.slice(4, 16), id)))
  })

  test('AU07: SQL in place of one is no key, and the answer is the same 401', async () => {
    for (const key of [
      "ghk_' OR 1=1 --",
      "ghk_x'; drop table app.api_key; --",
      'ghk_%00',
      'ghk_../../etc/passwd',
    ]) {
      const response = await post({ headers: { authorization: `Bearer ${key}` } })
      expect(response.status).toBe(401)
    }
    expect(await keysOf(as('ada'))).not.toEqual([])
  })
})

describe('an operator’s key', () => {
  test('is an operator at /api and nobody at /mcp, until it is revoked', async () => {
    const made = await g.gatehouse.operate('create_operator_key', { name: 'on call', expires_in_days: 1 })
    const bearer = `Bearer ${String(made['key'])}`
    const who = { realm: 'deployment', subject: `operator:key:${String(made['id'])}` }
    expect(await g.gatehouse.authenticateAny(bearer)).toEqual(who)
    expect(await refusal(g.gatehouse.authenticate(bearer))).toBe('wrong_audience')
    const itself = await g.gatehouse.authenticateAny(bearer)
    expect(await refusal(run('create_operator_key', { name: 'second' }, itself))).toBe('made_by_key')
    const listed = await g.gatehouse.operate('list_operator_keys', {})
    expect(listed).toMatchObject({ keys: [{ id: made['id'], name: 'on call', status: 'active' }] })
    await g.gatehouse.operate('revoke_operator_key', { id: made['id'] })
    expect(await refusal(g.gatehouse.authenticateAny(bearer))).toBe('revoked')
    expect(await refusal(g.gatehouse.operate('revoke_operator_key', { id: '0'.repeat(12) }))).toBe(
      'not_found',
    )
  })

  test('is not a tenant’s to revoke, nor a tenant’s key an operator’s', async () => {
    const made = await g.gatehouse.operate('create_operator_key', { name: 'on call' })
    expect(await refusal(run('revoke_api_key', { id: made['id'] }, as('boss')))).toBe('not_found')
    const { id } = await make()
    expect(await refusal(g.gatehouse.operate('revoke_operator_key', { id }))).toBe('not_found')
  })
})

interface Posting {
  readonly path?: string
  readonly headers?: Record<string, string | string[]>
  readonly params?: object
}
/** Plain HTTP: fetch would put headers of one name together. */
function post({ path = '/mcp', headers = {}, params = { name: 'list_documents', arguments: {} } }: Posting) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
  const asking = request(
    `${g.url}${path}`,
    {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
    },
    response => void text(response).then(body => resolve({ status: response.statusCode ?? 0, body })),
  )
  asking.on('error', reject)
  asking.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }))
  return promise
}

describe('the door', () => {
  test('AU25: one Authorization header, in the header, of a size that a token has; the scheme in any case', async () => {
    const { key } = await make()
    const status = async (posting: Posting) => (await post(posting)).status
    expect(await status({ headers: { authorization: `bearer ${key}` } })).toBe(200)
    expect(await status({ headers: { authorization: `BEARER ${key}` } })).toBe(200)
    expect(await status({ headers: { authorization: [`Bearer ${key}`, `Bearer ${key}`] } })).toBe(400)
    expect(await status({ path: `/mcp?access_token=${key}` })).toBe(401)
    expect(await status({ headers: { authorization: `Bearer ${'a'.repeat(65_536)}` } })).toBe(431)
    expect(await status({ headers: { authorization: `Bearer ${'a'.repeat(9_000)}` } })).toBe(401)
  })

  test('AU20: nothing of a request but its credential says which tenant it is for', async () => {
    const inBirch = await make(
      { scopes: ['documents:read', 'documents:write'] },
      as('ada', SCOPE_NAMES, birch),
    )
    await g.call(inBirch.key, 'add_document', { title: 'Birch', content: 'betula pendula' })
    const { key } = await make()
    const authorization = `Bearer ${key}`
    const names = ['x-tenant-id', 'x-tenant', 'tenant', 'mcp-param-tenant', 'x-gatehouse-tenant']
    const list = { name: 'list_documents', arguments: {} }
    for (const posting of [
      { headers: { authorization, ...Object.fromEntries(names.map(name => [name, birch])) } },
      { headers: { authorization }, path: `/mcp?tenant=${birch}&tenant_id=${birch}` },
      { headers: { authorization }, params: { ...list, _meta: { tenant: birch, tenant_id: birch } } },
      { headers: { authorization }, params: { ...list, tenant: birch, tenant_id: birch } },
    ]) {
      const { status, body } = await post(posting)
      expect(body).not.toContain('Birch')
      expect(status === 400 || body.includes('\\"documents\\":[]') || body.includes('"documents":[]')).toBe(
        true,
      )
    }
    for (const name of ['tenant', 'tenant_id']) {
      const answer = await g.call(key, 'list_documents', { [name]: birch })
      expect([answer.isError, answer.output['message']]).toEqual([
        true,
        expect.stringContaining('unknown argument'),
      ])
    }
  })

  test('AU24: no server behind this one sees a credential of its callers', async () => {
    await g.gatehouse.operate('migrate_embeddings', { to: 'ollama:fake' })
    const { key } = await make()
    const question = 'who asked for sphagnum'
    await vi.waitFor(
      async () => {
        await g.call(key, 'hybrid_search', { query: `${question} ${upstream.length}` })
        expect(upstream.some(({ body }) => body.includes(question))).toBe(true)
      },
      { timeout: 30_000, interval: 300 },
    )
    const seen = JSON.stringify(upstream)
    expect(seen).not.toContain(key.slice(0, 20))
    expect(upstream.flatMap(({ headers }) => Object.keys(headers))).not.toContain('authorization')
    for (const name of ['cookie', 'x-request-id', 'x-forwarded-for'])
      expect(upstream.flatMap(({ headers }) => Object.keys(headers))).not.toContain(name)
  })
})
