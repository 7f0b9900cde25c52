// POST /mcp at its door and in its lists: who is let in, how often, and what they are shown.
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, TENANT_A, type TestServer } from '../harness/mcp-server.ts'
import { containing, mcpWire, MODERN, type Answer, type Json } from '../harness/mcp-wire.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop(0))

const { send, modern, legacy, call, eras } = mcpWire(() => server)

const anyOutput: unknown = expect.objectContaining({ type: 'object', additionalProperties: false })

describe('who is let in', () => {
  const CHALLENGE =
    'Bearer realm="gatehouse", resource_metadata="https://gatehouse.example/.well-known/oauth-protected-resource/mcp", ' +
    'scope="documents:read documents:write"'

  test('D3 a stranger gets the same 401 whatever it asks, and learns nothing but the challenge', async () => {
    const bodies = [
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'echo', arguments: { text: 'x' } },
      }),
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} }),
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'no/such' }),
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
      '[]',
      'not json',
      '',
    ]
    const answers = await Promise.all([
      ...bodies.map(body => send(body, { token: '', headers: { 'x-request-id': 'same' } })),
      send('{}', { token: '', headers: { 'content-type': 'text/plain', 'x-request-id': 'same' } }),
      modern('server/discover', {}, { token: '', headers: { 'x-request-id': 'same' } }),
    ])
    const others = await Promise.all(
      ['GET', 'DELETE', 'PUT', 'OPTIONS'].map(async method => {
        const answer = await fetch(`${server.url}/mcp`, { method, headers: { 'x-request-id': 'same' } })
        return { status: answer.status, headers: answer.headers, text: await answer.text() }
      }),
    )
    for (const { status, headers, text } of [...answers, ...others]) {
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toBe(CHALLENGE)
      expect(text).toBe(answers[0]?.text)
      expect(headers.get('ratelimit')).toBeNull()
    }
  })

  test.each([
    ['expired', 'The access token has expired.'],
    ['early', 'The access token is not valid yet.'],
    ['foreign', 'The access token was issued for another resource.'],
    ['revoked', 'The access token was revoked.'],
    ['nonsense', 'The access token is not valid.'],
    ['two words', 'The Authorization header must hold the word Bearer and one access token.'],
  ])('the token "%s" is told: %s', async (token, say) => {
    const { status, headers, text } = await send('{}', { token })
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe(
      `${CHALLENGE}, error="invalid_token", error_description="${say}"`,
    )
    expect(JSON.parse(text)).toMatchObject({ status: 401, code: 'unauthenticated', detail: say })
  })

  test('a token in the URL is no token', async () => {
    expect((await fetch(`${server.url}/mcp?access_token=reader`, { method: 'POST' })).status).toBe(401)
  })

  test.each(eras)(
    'a missing scope is a 403 challenge that names it, before the protocol (%s)',
    async (_era, ask) => {
      const answer = await ask('tools/call', { name: 'delete_note', arguments: { id: 'x' } })
      expect(answer.status).toBe(403)
      expect(answer.headers.get('www-authenticate')).toBe(
        'Bearer realm="gatehouse", resource_metadata="https://gatehouse.example/.well-known/oauth-protected-resource/mcp", ' +
          'scope="documents:write", error="insufficient_scope", ' +
          'error_description="This token lacks a scope that is needed: documents:write."',
      )
      expect(JSON.parse(answer.text)).toMatchObject({ code: 'forbidden', reason: 'insufficient_scope' })
    },
  )

  test('who is let in stands in the log line, with the operation and never its arguments', async () => {
    await call('echo', { text: 'private words' }, { headers: { 'x-request-id': 'who-1' } })
    await sleep(20)
    const line = server.logged().find(({ request_id, msg }) => request_id === 'who-1' && msg === 'request')
    expect(line).toMatchObject({
      route: '/mcp',
      tenant_id: TENANT_A,
      user_id: 'reader',
      operation: 'echo',
      status: 200,
    })
    expect(JSON.stringify(server.logged())).not.toContain('private words')
  })
})

describe('the limit of a principal', () => {
  test.each(eras)(
    'is 429 at the door for every method, with Retry-After and RateLimit headers (%s)',
    async (_era, ask) => {
      const limited = await startTestServer({ principalRate: { perSecond: 0.1, burst: 2 } })
      try {
        const first = await ask('tools/list', {}, { to: limited })
        expect(first.status).toBe(200)
        expect(first.headers.get('ratelimit')).toContain('"user";r=1')
        expect(first.headers.get('ratelimit-policy')).toContain('"user";q=2;w=20')
        await ask('ping', {}, { to: limited })
        for (const method of ['tools/list', 'tools/call', 'ping', 'server/discover', 'no/such']) {
          const answer = await ask(method, { name: 'echo' }, { to: limited })
          expect(answer.status).toBe(429)
          expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
          expect(answer.headers.get('ratelimit')).toContain('"user";r=0')
          expect(JSON.parse(answer.text)).toMatchObject({ code: 'rate_limited', reason: 'user_rate' })
        }
        expect((await ask('tools/list', {}, { to: limited, token: 'reader_b' })).status).toBe(200)
      } finally {
        await limited.stop(0)
      }
    },
  )
})

describe('lists', () => {
  const names = ({ message }: Answer) =>
    ((message.result ?? {})['tools'] as { name: string }[]).map(({ name }) => name)

  test.each(eras)(
    'show what the token allows, in the order of the catalog; never an operator tool (%s)',
    async (_era, ask) => {
      expect(names(await ask('tools/list', {}, { token: 'writer' }))).toEqual([
        'echo',
        'wait',
        'fail',
        'delete_note',
      ])
      expect(names(await ask('tools/list', {}, { token: 'reader' }))).toEqual(['echo', 'wait', 'fail'])
      expect(names(await ask('tools/list', {}, { token: 'powerless' }))).toEqual([])
    },
  )

  test('MC17 an answer that depends on the token is private to it', async () => {
    for (const method of ['tools/list', 'server/discover']) {
      const { message } = await modern(method)
      expect(message.result).toMatchObject({ cacheScope: 'private', ttlMs: 60_000 })
    }
  })

  test('MC15 MC16 what models read of the tools is fixed: a changed word changes this hash', async () => {
    const list = async (token: string) =>
      (await modern('tools/list', {}, { token })).message.result?.['tools']
    expect(await list('reader')).toEqual(await list('reader_b'))
    const hash = createHash('sha256')
      .update(JSON.stringify(await list('reader')))
      .digest('hex')
    expect(hash.slice(0, 16)).toMatchInlineSnapshot(`"f2dcf1588a0df1d0"`)
  })

  test('a tool carries title, schemas without dialect, and annotations that are true', async () => {
    const { message } = await modern('tools/list', {}, { token: 'writer' })
    const tools = message.result?.['tools'] as Json[]
    expect(tools[0]).toEqual({
      name: 'echo',
      title: 'Echo',
      description: 'Says back what it was told, and to whom it was said.',
      inputSchema: {
        type: 'object',
        properties: {
          text: { type: 'string', minLength: 1, maxLength: 5_000_000 },
          limit: { type: 'integer', minimum: 1, maximum: 50, default: 10 },
        },
        required: ['text'],
        additionalProperties: false,
      },
      outputSchema: anyOutput,
      annotations: {
        title: 'Echo',
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      },
    })
    expect(tools[3]).toMatchObject({
      annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
    })
  })

  test('only tools are declared, without change notifications, in both eras', async () => {
    const discovered = await modern('server/discover')
    expect(discovered.message.result).toMatchObject({
      supportedVersions: [MODERN],
      capabilities: { tools: {} },
      instructions: containing('Gatehouse'),
    })
    const initialized = await legacy('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'old', version: '1' },
    })
    expect(initialized.message.result).toMatchObject({
      protocolVersion: '2025-11-25',
      capabilities: { tools: { listChanged: false } },
      serverInfo: { name: 'gatehouse', version: '0.0.0-test' },
    })
    for (const { message } of [discovered, initialized]) {
      expect(Object.keys(message.result?.['capabilities'] as Json)).toEqual(['tools'])
    }
  })
})
