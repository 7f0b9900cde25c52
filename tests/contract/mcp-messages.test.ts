// What is sent to /mcp and is no proper request: broken JSON, wrong shapes, headers that disagree, other revisions.
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/mcp-server.ts'
import { ACCEPT, containing, mcpWire, META, MODERN, type Answer, type Sending } from '../harness/mcp-wire.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop(0))

const { send, modern, legacy, call, eras } = mcpWire(() => server)

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
      say: containing('64 levels'),
    })
    expect(await errorOf(`{"a":${'{"a":'.repeat(64)}1${'}'.repeat(65)}`)).toMatchObject({
      code: -32600,
      say: containing('64'),
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
