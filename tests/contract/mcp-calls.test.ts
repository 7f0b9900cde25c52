// Tool calls over /mcp in both eras: answers, faults, hostile arguments, callers who leave, traces and timings.
import { setTimeout as sleep } from 'node:timers/promises'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SECRET_DETAIL, startTestServer, TENANT_A, TENANT_B, type TestServer } from '../harness/mcp-server.ts'
import { anyString, containing, mcpWire, META, MODERN, toolError, type Json } from '../harness/mcp-wire.ts'

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

const aboutLimit: unknown = expect.arrayContaining([{ field: 'limit', message: anyString }])
const { send, modern, legacy, call, eras } = mcpWire(() => server)

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
    expect(toolError(answer)).toMatchObject({ code: 'internal', request_id: anyString })
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
        message: containing(say),
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
      issues: aboutLimit,
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
      message: containing('not accepted'),
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

describe('while a call runs', () => {
  test.each(eras)('closing the connection aborts it (%s)', async (_era, ask) => {
    const before = server.seen.waits.length
    const leaving = new AbortController()
    const gone = ask('tools/call', { name: 'wait', arguments: { ms: 20_000 } }, { signal: leaving.signal })
    await sleep(150)
    leaving.abort()
    await expect(gone).rejects.toThrow(/abort/i)
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
