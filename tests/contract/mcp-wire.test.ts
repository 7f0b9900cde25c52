// POST /mcp as it looks on the wire, in both eras: who is let in, what is refused and how, what a tool answers.
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SECRET_DETAIL, startTestServer, TENANT_A, TENANT_B, type TestServer } from '../harness/mcp-server.ts'

const MODERN = '2026-07-28'
const META = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'wire-test', version: '1' },
}
const ACCEPT = 'application/json, text/event-stream'

type Json = Record<string, unknown>
interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The JSON-RPC message, out of its event if it came as one. */
  readonly message: {
    id?: unknown
    result?: Json
    error?: { code: number; message: string; data?: Json }
  } & Json
}

let server: TestServer
beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(new TracerProvider())
  server = await startTestServer()
})
afterAll(async () => {
  await server.stop(0)
  trace.disable()
  context.disable()
})

interface Sending {
  readonly token?: string | undefined
  readonly headers?: Record<string, string>
  readonly to?: TestServer
  readonly signal?: AbortSignal
}

async function send(
  body: string,
  { token = 'reader', headers = {}, to = server, signal }: Sending = {},
): Promise<Answer> {
  const answer = await fetch(`${to.url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: ACCEPT,
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body,
    ...(signal === undefined ? {} : { signal }),
  })
  const text = await answer.text()
  const json = /^data: (.*)$/m.exec(text)?.[1] ?? text
  const message = (/^[[{]/.test(json) ? JSON.parse(json) : {}) as Answer['message']
  return { status: answer.status, headers: answer.headers, text, message }
}

/** A request of revision 2026-07-28 with the headers it demands. `headers` of undefined value are left out. */
function modern(method: string, params: Json = {}, { headers, ...sending }: Sending & { meta?: Json } = {}) {
  const meta = { ...META, ...sending.meta }
  const name = params['name']
  return send(JSON.stringify({ jsonrpc: '2.0', id: 7, method, params: { ...params, _meta: meta } }), {
    ...sending,
    headers: {
      'mcp-protocol-version': MODERN,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
      ...headers,
    },
  })
}

/** A request as clients up to 2025-11-25 send it. */
function legacy(method: string, params: Json = {}, { headers, ...sending }: Sending = {}) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method, params })
  return send(body, { ...sending, headers: { 'mcp-protocol-version': '2025-11-25', ...headers } })
}

const call = (name: string, args: unknown, sending?: Sending & { meta?: Json }) =>
  modern('tools/call', { name, arguments: args }, sending)

const toolError = ({ message }: Answer) => {
  const [content] = message.result?.['content'] as { text: string }[]
  return (JSON.parse(content!.text) as { error: Json }).error
}

const ERAS = { '2026-07-28': modern, '2025-11-25': legacy }
const eras = Object.entries(ERAS)

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
      expect(text).toBe(answers[0]!.text)
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
    (message.result?.['tools'] as { name: string }[]).map(({ name }) => name)

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
      outputSchema: expect.objectContaining({ type: 'object', additionalProperties: false }),
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
      instructions: expect.stringContaining('Gatehouse'),
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

describe('calls', () => {
  test.each(eras)('answer structured content and the same as text (%s)', async (era, ask) => {
    const answer = await ask('tools/call', { name: 'echo', arguments: { text: 'hello' } })
    const output = { text: 'hello', limit: 10, tenant_id: TENANT_A, subject: 'reader' }
    expect(answer.status).toBe(200)
    expect(answer.message.id).toBe(7)
    expect(answer.message.result).toMatchObject({
      structuredContent: output,
      content: [{ type: 'text', text: JSON.stringify(output) }],
    })
    expect(answer.message.result?.['isError']).toBeUndefined()
    if (era === MODERN) expect(answer.message.result).toMatchObject({ resultType: 'complete' })
  })

  test('an answer to a modern client is one JSON body with its length, in one piece', async () => {
    const answer = await call('echo', { text: 'x'.repeat(300_000) })
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(Number(answer.headers.get('content-length'))).toBe(Buffer.byteLength(answer.text))
    expect(answer.headers.get('transfer-encoding')).toBeNull()
  })

  test.each(eras)(
    'D17 a fault is a result with isError and a code, without structured content (%s)',
    async (_era, ask) => {
      const answer = await ask(
        'tools/call',
        { name: 'fail', arguments: { how: 'conflict' } },
        { headers: { 'x-request-id': 'f-1' } },
      )
      expect(answer.status).toBe(200)
      expect(answer.message.error).toBeUndefined()
      expect(answer.message.result).toMatchObject({ isError: true })
      expect(answer.message.result).not.toHaveProperty('structuredContent')
      expect(toolError(answer)).toEqual({
        code: 'conflict',
        message: 'The name is taken.',
        reason: 'taken',
        request_id: 'f-1',
      })
    },
  )

  test('a fault that passes says when to come back', async () => {
    expect(toolError(await call('fail', { how: 'busy' }))).toMatchObject({
      code: 'unavailable',
      retry_after_ms: 1500,
    })
  })

  test.each(['crash', 'bad_output'])('D17 what went wrong inside stays inside (%s)', async how => {
    const answer = await call('fail', { how })
    expect(toolError(answer)).toMatchObject({ code: 'internal', request_id: expect.any(String) })
    expect(answer.text).not.toContain(SECRET_DETAIL)
    expect(answer.text).not.toMatch(/hidden_table|at .*\.ts/)
  })

  test.each([
    [{ text: 'x', limit: -1 }, 'limit must be between 1 and 50, got -1'],
    [{ text: 'x', limit: 1e9 }, 'limit must be between 1 and 50'],
    [{ text: 'x', limit: '10;drop' }, 'limit'],
    [{ text: '' }, 'text must not be empty'],
    [{}, 'text is required'],
    [{ text: 'x', admin: true }, 'unknown argument "admin"'],
    [[], 'arguments'],
    [null, 'arguments'],
  ])('MC13 the arguments %j are refused by name', async (args, say) => {
    const before = server.seen.calls.length
    const answer = await call('echo', args)
    // Arguments that are no object break the protocol's own schema; all else is the tool's to refuse.
    if (answer.message.error === undefined)
      expect(toolError(answer)).toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining(say),
      })
    else expect(answer.message.error.code).toBe(-32602)
    expect(server.seen.calls).toHaveLength(before)
  })

  test.each(['1e400', '9007199254740993', '1.5'])('MC13 the number %s is refused', async number => {
    const params = `{"name":"echo","arguments":{"text":"x","limit":${number}},"_meta":${JSON.stringify(META)}}`
    const answer = await send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`, {
      headers: { 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/call', 'mcp-name': 'echo' },
    })
    expect(toolError(answer)).toMatchObject({
      code: 'invalid_input',
      issues: expect.arrayContaining([{ field: 'limit', message: expect.any(String) }]),
    })
  })

  test.each([
    '{"__proto__":{"admin":1}}',
    '{"text":"x","\\u005f_proto__":{"admin":1}}',
    '{"text":"x","constructor":{"prototype":{"admin":1}}}',
    '{"text":"x","a":[{"b":{"__proto__":null}}]}',
  ])('MC12 the arguments %s never reach a prototype: 400', async args => {
    const answer = await send(
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":${args}}}`,
    )
    expect(answer.status).toBe(400)
    expect(answer.message.error).toMatchObject({
      code: -32600,
      message: expect.stringContaining('not accepted'),
    })
    expect(({} as Json)['admin']).toBeUndefined()
  })

  test('MC12 text that speaks of __proto__ is text', async () => {
    const { message } = await call('echo', { text: '{"__proto__": 1} constructor prototype' })
    expect(message.result).toMatchObject({
      structuredContent: { text: '{"__proto__": 1} constructor prototype' },
    })
  })

  test.each(eras)('an unknown tool is -32602, one of the operators too (%s)', async (_era, ask) => {
    for (const name of ['no_such_tool', 'list_tenants', 'constructor', '__proto__', 'toString']) {
      const { status, message } = await ask('tools/call', { name, arguments: {} })
      expect(status).toBe(200)
      expect(message.error?.code).toBe(-32602)
    }
  })

  test('MC02 500 calls of two tenants at once get each their own answer', { timeout: 30_000 }, async () => {
    const calls = Array.from({ length: 500 }, async (_, index) => {
      const token = index % 2 === 0 ? 'reader' : 'reader_b'
      const ask = index % 4 < 2 ? modern : legacy
      const nonce = `nonce-${index}-${Math.random()}`
      const { message, text } = await ask(
        'tools/call',
        { name: 'echo', arguments: { text: nonce } },
        { token },
      )
      expect(message.result?.['structuredContent']).toEqual({
        text: nonce,
        limit: 10,
        tenant_id: token === 'reader' ? TENANT_A : TENANT_B,
        subject: token,
      })
      expect(text.match(/nonce-/g)).toHaveLength(2)
    })
    await Promise.all(calls)
  })
})

describe('messages that are none', () => {
  const errorOf = async (body: string, sending?: Sending) => {
    const { status, message } = await send(body, sending)
    return { status, code: message.error?.code, id: message.id, say: message.error?.message }
  }

  test('D17 an array is 400 with -32600 and the reason, not a parse error', async () => {
    for (const body of ['[]', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]']) {
      expect(await errorOf(body)).toEqual({
        status: 400,
        code: -32600,
        id: null,
        say: 'Send one JSON-RPC message a request: batches were removed from MCP in revision 2025-06-18.',
      })
    }
  })

  test.each(['{', 'nonsense', '{"a":}', '\ufeff{}', '{"a":1}x'])(
    '%j is 400 with -32700 and id null',
    async body => {
      expect(await errorOf(body)).toMatchObject({ status: 400, code: -32700, id: null })
    },
  )

  test('bytes that are no UTF-8 are -32700', async () => {
    const answer = await fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: { authorization: 'Bearer reader', 'content-type': 'application/json' },
      body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    })
    expect(await answer.json()).toMatchObject({ error: { code: -32700 } })
  })

  test('no body at all is 400 with -32600', async () => {
    const answer = await fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: { authorization: 'Bearer reader' },
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ id: null, error: { code: -32600 } })
  })

  test.each([
    '1',
    '"x"',
    'null',
    '{}',
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    '{"jsonrpc":"2.0","id":{},"method":"ping"}',
  ])('%s is 400 with -32600', async body => {
    expect(await errorOf(body)).toMatchObject({ status: 400, code: -32600 })
  })

  test('DS02 nesting beyond 64 levels is refused before it is parsed, in time', async () => {
    const started = performance.now()
    expect(await errorOf('['.repeat(1_000_000))).toMatchObject({
      status: 400,
      code: -32600,
      say: expect.stringContaining('64 levels'),
    })
    expect(await errorOf(`{"a":${'{"a":'.repeat(64)}1${'}'.repeat(65)}`)).toMatchObject({
      code: -32600,
      say: expect.stringContaining('64'),
    })
    expect(performance.now() - started).toBeLessThan(2_000)
    // Brackets inside a string are text.
    const { message } = await call('echo', { text: `${'['.repeat(500)}\\"${'{'.repeat(500)}` })
    expect(message.result?.['isError']).toBeUndefined()
  })

  test('D17 a notification is accepted and answered by nothing', async () => {
    for (const sending of [{}, { headers: { 'mcp-protocol-version': MODERN } }]) {
      const answer = await send(
        JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
        sending,
      )
      expect(answer.status).toBe(202)
      expect(answer.text).toBe('')
    }
  })

  test('an unknown method is -32601: 404 in the new revision, as a message in the old', async () => {
    expect(await modern('no/such')).toMatchObject({
      status: 404,
      message: { id: 7, error: { code: -32601 } },
    })
    expect(await legacy('no/such')).toMatchObject({
      status: 200,
      message: { id: 7, error: { code: -32601 } },
    })
  })

  test('MC18 nobody can hold a stream open to listen for nothing', async () => {
    const answer = await modern('subscriptions/listen', { notifications: { toolsListChanged: true } })
    expect(answer).toMatchObject({ status: 404, message: { id: 7, error: { code: -32601 } } })
  })

  test.each([
    'resources/read',
    'resources/list',
    'prompts/get',
    'completion/complete',
    'logging/setLevel',
    'tasks/get',
  ])('MC11 MC19 MC20 %s is not served: there is nothing to traverse or enumerate', async method => {
    const answer = await modern(
      method,
      { uri: `file://${','.repeat(30)}/../../etc/passwd`, name: 'x', taskId: 'x' },
      {
        headers: {
          'mcp-name': method === 'resources/read' ? `file://${','.repeat(30)}/../../etc/passwd` : 'x',
        },
      },
    )
    expect(answer.message.error?.code).toBe(-32601)
  })
})

describe('headers and revisions', () => {
  const refused = async (answer: Promise<Answer>) => {
    const { status, message } = await answer
    return [status, message.error?.code, message.id]
  }
  const echo = (headers: Record<string, string>) => call('echo', { text: 'x' }, { headers })

  test('MC03 a header that names another method or tool than the body is 400 with -32020', async () => {
    const before = server.seen.calls.length
    expect(await refused(echo({ 'mcp-name': 'wait' }))).toEqual([400, -32020, 7])
    expect(await refused(echo({ 'mcp-method': 'tools/list' }))).toEqual([400, -32020, 7])
    expect(server.seen.calls).toHaveLength(before)
  })

  test('MC03 a header that is missing is 400 with -32020', async () => {
    for (const missing of ['mcp-name', 'mcp-method', 'mcp-protocol-version']) {
      const all: Record<string, string> = {
        'mcp-protocol-version': MODERN,
        'mcp-method': 'tools/call',
        'mcp-name': 'echo',
      }
      delete all[missing]
      const body = {
        jsonrpc: '2.0',
        id: 7,
        method: 'tools/call',
        params: { name: 'echo', arguments: { text: 'x' }, _meta: META },
      }
      expect(await refused(send(JSON.stringify(body), { headers: all }))).toEqual([400, -32020, 7])
    }
  })

  test('MC04 the base64 form is decoded before it is compared', async () => {
    const base64 = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`
    expect((await echo({ 'mcp-name': base64('echo') })).status).toBe(200)
    expect(await refused(echo({ 'mcp-name': base64('wait') }))).toEqual([400, -32020, 7])
    for (const bad of ['=?base64?ZWNobw?=', '=?base64?!!!!?=', '=?base64?/w==?=']) {
      expect(await refused(echo({ 'mcp-name': bad }))).toEqual([400, -32020, 7])
    }
  })

  test('MC04 a header sent twice is no header: 400 with -32020', async () => {
    for (const name of ['Mcp-Name', 'Mcp-Method', 'MCP-Protocol-Version']) {
      const values: Record<string, string[]> = {
        'MCP-Protocol-Version': [MODERN],
        'Mcp-Method': ['tools/call'],
        'Mcp-Name': ['echo'],
      }
      values[name] = [...values[name]!, ...values[name]!]
      const answer = await sendRawCall(values)
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
      expect(answer).toContain('-32020')
    }
  })

  test('MC04 a line break in a header is not HTTP: 400', async () => {
    expect(await sendRawCall({ 'Mcp-Name': ['echo\nX: y\rZ'] })).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('MC05 versions that differ are -32020, unknown ones -32022 with a list, a missing envelope -32602', async () => {
    expect(await refused(echo({ 'mcp-protocol-version': '2025-11-25' }))).toEqual([400, -32020, 7])
    const future = await modern(
      'tools/list',
      {},
      {
        headers: { 'mcp-protocol-version': '2099-01-01' },
        meta: { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' },
      },
    )
    expect(future).toMatchObject({
      status: 400,
      message: { error: { code: -32022, data: { supported: [MODERN], requested: '2099-01-01' } } },
    })
    const bare = send(JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/list', params: {} }), {
      headers: { 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/list' },
    })
    expect(await refused(bare)).toEqual([400, -32602, 7])
  })

  test('MC09 GET and DELETE with a token are 405 and told POST', async () => {
    for (const method of ['GET', 'DELETE', 'PUT', 'HEAD']) {
      const answer = await fetch(`${server.url}/mcp`, {
        method,
        headers: { authorization: 'Bearer reader', accept: 'text/event-stream', 'last-event-id': '1' },
      })
      expect(answer.status).toBe(405)
      expect(answer.headers.get('allow')).toBe('POST')
    }
  })

  test.each(eras)(
    'MC09 MC10 session and resumption headers are ignored, none is ever sent (%s)',
    async (_era, ask) => {
      const answer = await ask(
        'tools/list',
        {},
        { headers: { 'mcp-session-id': 'stolen', 'last-event-id': '9' } },
      )
      expect(answer.status).toBe(200)
      expect(answer.headers.get('mcp-session-id')).toBeNull()
    },
  )

  test('MC21 what a client says of itself changes nothing, and is not logged', async () => {
    const baggage = `secret=${'x'.repeat(4_000)}`
    const answer = await modern(
      'tools/list',
      {},
      {
        token: 'powerless',
        meta: { 'io.modelcontextprotocol/clientInfo': { name: 'admin', version: '1' }, baggage },
        headers: { baggage, tracestate: 'a=secret' },
      },
    )
    expect(answer.message.result?.['tools']).toEqual([])
    expect(JSON.stringify(server.logged())).not.toContain('secret=')
  })

  function sendRawCall(headers: Record<string, string[]>): Promise<string> {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: 'x' }, _meta: META },
    })
    const lines = Object.entries(headers).flatMap(([name, values]) =>
      values.map(value => `${name}: ${value}`),
    )
    const head = [
      'POST /mcp HTTP/1.1',
      'Host: localhost',
      'Connection: close',
      'Authorization: Bearer reader',
      'Content-Type: application/json',
      `Accept: ${ACCEPT}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...lines,
    ]
    return new Promise((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', () =>
        socket.write(`${head.join('\r\n')}\r\n\r\n${body}`),
      )
      let answer = ''
      socket.on('data', chunk => (answer += String(chunk)))
      socket.on('close', () => resolve(answer))
      socket.on('error', reject)
    })
  }
})

describe('while a call runs', () => {
  test.each(eras)('closing the connection aborts it (%s)', async (_era, ask) => {
    const before = server.seen.waits.length
    const leaving = new AbortController()
    const gone = ask('tools/call', { name: 'wait', arguments: { ms: 20_000 } }, { signal: leaving.signal })
    await sleep(150)
    leaving.abort()
    await expect(gone).rejects.toThrow()
    await expect.poll(() => server.seen.waits.slice(before)).toEqual(['aborted'])
    await expect
      .poll(() => server.logged().some(({ status, operation }) => status === 499 && operation === 'wait'))
      .toBe(true)
  })

  test.each(eras)('a call that ends by itself is not aborted (%s)', async (_era, ask) => {
    const before = server.seen.waits.length
    await ask('tools/call', { name: 'wait', arguments: { ms: 50 } })
    await sleep(50)
    expect(server.seen.waits.slice(before)).toEqual(['done'])
  })
})

describe('traces and timings', () => {
  const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
  const parent = `00-${TRACE}-00f067aa0ba902b7-01`

  test('MC21 the trace of the caller is carried on, from _meta first, then from the header', async () => {
    await call('echo', { text: 'traced' }, { headers: { traceparent: parent } })
    expect(server.seen.traces.at(-1)).toBe(TRACE)
    const other = '1'.repeat(32)
    await call(
      'echo',
      { text: 'traced' },
      { headers: { traceparent: parent }, meta: { traceparent: `00-${other}-00f067aa0ba902b7-00` } },
    )
    expect(server.seen.traces.at(-1)).toBe(other)
    await expect
      .poll(() => server.logged().some(line => line['trace_id'] === other && line['msg'] === 'request'))
      .toBe(true)
  })

  test.each([
    'nonsense',
    parent.replace('00-', 'ff-'),
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `${parent}-more`,
    parent.toUpperCase(),
  ])('MC21 the traceparent %s is ignored', async traceparent => {
    await call('echo', { text: 'traced' }, { headers: { traceparent } })
    expect(server.seen.traces.at(-1)).toMatch(/^[0-9a-f]{32}$/)
    expect(server.seen.traces.at(-1)).not.toBe(TRACE)
  })

  test.each(eras)(
    'Server-Timing is for callers with its scope alone, and names the stages (%s)',
    async (_era, ask) => {
      const echo = { name: 'echo', arguments: { text: 'x' } }
      expect((await ask('tools/call', echo, { token: 'reader' })).headers.get('server-timing')).toBeNull()
      const timing = (await ask('tools/call', echo, { token: 'writer' })).headers.get('server-timing')
      const stages = timing?.split(', ').map(entry => /^([a-z_-]+);dur=\d+\.\d$/.exec(entry)?.[1])
      expect(stages).toEqual(['authenticate', 'authorize', 'rate-limit', 'validate', 'echo', 'record'])
    },
  )
})
