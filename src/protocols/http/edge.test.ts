// What a stranger, or a caller who means harm, can send to the port before any operation sees it.
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApiServer, type ApiServer } from '../../../tests/harness/api-server.ts'
import { requestText, sendRaw, statusesOf, statusOf } from '../../../tests/harness/raw-http.ts'

let server: ApiServer
beforeAll(async () => {
  server = await startApiServer()
})
afterAll(() => server.stop(0))

const ADA = 'Authorization: Bearer ada-a'
const JSON_TYPE = 'Content-Type: application/json'

const post = (operation: string, body: string, on = server, user = 'ada-a') =>
  fetch(`${on.url}/api/${operation}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user}`, 'content-type': 'application/json' },
    body,
  })
const refusal = async (operation: string, body: string) => {
  const answer = await post(operation, body)
  const { reason, code } = (await answer.json()) as { reason?: string; code: string }
  return [answer.status, reason ?? code]
}
const sent = (line: string, headers: readonly string[], body = '') =>
  sendRaw(server.port, requestText(line, ['Connection: close', ...headers], body))

const until = async (check: () => boolean) => {
  for (let turn = 0; turn < 500 && !check(); turn++) await sleep(10)
  expect(check()).toBe(true)
}

describe('bodies', () => {
  test('DS01 an operation that takes no long input does not read a long body', async () => {
    expect(await refusal('change', JSON.stringify({ id: 'x'.repeat(100_000) }))).toEqual([
      413,
      'body_too_large',
    ])
    expect((await post('keep', JSON.stringify({ text: 'x'.repeat(1_000_000) }))).status).toBe(200)
  })

  test('DS01 a body that is shorter than its Content-Length is never run, and one that is longer is no part of it', async () => {
    const before = server.inputs.length
    const short = connect(server.port, '127.0.0.1', () => {
      short.end(requestText('POST /api/keep', [ADA, JSON_TYPE, 'Content-Length: 50'], '{"text":"short"}'))
    })
    await new Promise(resolve =>
      short
        .on('error', () => undefined)
        .resume()
        .once('close', resolve),
    )
    expect(server.inputs.length).toBe(before)
    const long = await sendRaw(
      server.port,
      requestText('POST /api/keep', [ADA, JSON_TYPE, 'Content-Length: 2'], '{}{"text":"smuggled"}'),
    )
    expect(statusesOf(long).at(-1)).toBe(400)
    expect(JSON.stringify(server.inputs.slice(before))).not.toContain('smuggled')
  })

  test('DS01 two lengths, or a length beside chunks, are refused: a proxy may have believed the other', async () => {
    const two = ['Content-Length: 2', 'Content-Length: 3']
    const both = ['Content-Length: 2', 'Transfer-Encoding: chunked']
    for (const lengths of [two, both])
      expect(statusOf(await sent('POST /api/keep', [ADA, JSON_TYPE, ...lengths], '{}'))).toBe(400)
  })

  test('DS02 a nesting bomb is refused before it is built', async () => {
    expect(await refusal('keep', '['.repeat(1_000_000))).toEqual([400, 'nested_too_deep'])
    expect(await refusal('keep', `{"anything":{"a":${'['.repeat(63)}${']'.repeat(63)}}}`)).toEqual([
      400,
      'nested_too_deep',
    ])
  })

  test('DS03 nothing is unpacked, whatever the encoding is called', async () => {
    for (const encoding of ['gzip', 'br', 'deflate', 'identity', 'zstd']) {
      const answer = await sent('POST /api/keep', [
        ADA,
        JSON_TYPE,
        `Content-Encoding: ${encoding}`,
        'Content-Length: 0',
      ])
      expect(statusOf(answer)).toBe(415)
    }
  })

  test('DS04 a body of ten thousand keys and more is refused', async () => {
    const keys = Array.from({ length: 10_001 }, (_, at) => `"k${at}":0`).join()
    expect(await refusal('keep', `{"anything":{${keys}}}`)).toEqual([400, 'too_many_keys'])
  })

  test('AU14 a key named twice is refused', async () => {
    expect(await refusal('keep', '{"text":"seen by the proxy","text":"seen by us"}')).toEqual([
      400,
      'duplicate_key',
    ])
  })

  test('MC12 no key of a body reaches a prototype', async () => {
    for (const body of [
      '{"__proto__":{"admin":1}}',
      '{"anything":{"__proto__":{"admin":1}}}',
      '{"anything":{"constructor":{"prototype":{"admin":1}}}}',
      '{"anything":{"\\u005f_proto__":{"admin":1}}}',
    ])
      expect(await refusal('keep', body)).toEqual([400, 'forbidden_key'])
    expect(({} as { admin?: number }).admin).toBeUndefined()
    expect(await refusal('keep', '{"constructor":1}')).toEqual([400, 'invalid_input'])
    // A name of Object's own is no operation.
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      expect((await post(name, '{}')).status).toBe(404)
  })

  test('MC13 arguments out of bounds are named, not run', async () => {
    const before = server.inputs.length
    for (const limit of ['-1', '1e9', '"10;drop"', '1e400', '9007199254740993', 'null', '[]', '1.5'])
      expect(await refusal('keep', `{"limit":${limit}}`)).toEqual([400, 'invalid_input'])
    expect(await refusal('keep', '{"number":1e400}')).toEqual([400, 'invalid_input'])
    expect(await refusal('keep', '{"extra":1}')).toEqual([400, 'invalid_input'])
    for (const body of ['[]', '"text"', '7', 'true'])
      expect(await refusal('keep', body)).toEqual([400, 'invalid_input'])
    expect(server.inputs.length).toBe(before)
  })
})

describe('requests', () => {
  test('DS04 requests in a row on one connection are answered in order', async () => {
    const one = requestText('POST /api/keep', [ADA, JSON_TYPE, 'Content-Length: 14'], '{"text":"one"}')
    const two = requestText('GET /livez', ['Connection: close'])
    const answer = await sendRaw(server.port, one + two)
    expect(statusesOf(answer)).toEqual([200, 200])
    expect(answer.indexOf('{"text":"one"}')).toBeLessThan(answer.indexOf('{"status":"ok"}'))
  })

  test('MC01 a URL that names a host of its own is refused', async () => {
    for (const target of ['http://evil.test/livez', 'http://localhost/livez', '*', 'livez'])
      expect(statusOf(await sent(`GET ${target}`, []))).toBe(400)
  })

  test('TRACE, CONNECT and unknown methods reach nothing; an upgrade is not taken up', async () => {
    for (const method of ['TRACE', 'PROPFIND', 'PURGE']) {
      const answer = await sent(`${method} /livez`, ['X-Secret: canary'])
      expect(statusOf(answer)).toBeGreaterThanOrEqual(400)
      expect(answer).not.toContain('canary')
    }
    expect(
      statusesOf(await sendRaw(server.port, 'CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test\r\n\r\n')),
    ).toEqual([])
    const upgrade = ['Upgrade: websocket', 'Connection: Upgrade, close', 'Sec-WebSocket-Version: 13']
    const answer = await sendRaw(server.port, requestText('GET /livez', upgrade))
    expect(statusOf(answer)).not.toBe(101)
  })

  test('bad percent-encoding and control characters in a URL are 400', async () => {
    for (const target of ['/api/%', '/api/%zz', '/%c0%ae%c0%ae/', '/api/%ff'])
      expect(statusOf(await sent(`POST ${target}`, [ADA, JSON_TYPE, 'Content-Length: 2'], '{}'))).toBeOneOf([
        400, 404,
      ])
    expect(statusOf(await sent('GET /li\u0000vez', []))).toBe(400)
    expect(statusOf(await sent('GET /livez\u007f', []))).toBeOneOf([400, 404])
  })

  test('MC04 a header that smuggles a line is refused', async () => {
    expect(statusOf(await sent('GET /livez', ['X-A: 1\r\n\u0000X-B: 2']))).toBe(400)
    expect(statusOf(await sent('GET /livez', ['X-A : 1']))).toBe(400)
  })

  test('AU25 a credential comes in the header alone, and once', async () => {
    expect(
      statusOf(await sent('POST /api/keep?access_token=ada-a', [JSON_TYPE, 'Content-Length: 2'], '{}')),
    ).toBe(401)
    expect(statusOf(await sent('POST /api/keep', [ADA, ADA, JSON_TYPE, 'Content-Length: 2'], '{}'))).toBe(400)
    const long = `Authorization: Bearer ${'x'.repeat(65_536)}`
    expect(statusOf(await sent('POST /api/keep', [long, JSON_TYPE, 'Content-Length: 2'], '{}'))).toBe(431)
  })

  test('OP05 what a caller writes is one line of the log, escaped', async () => {
    const before = server.logged().length
    await post('keep', JSON.stringify({ text: '\n{"level":"fatal","msg":"forged"}\u001b[31m' }))
    await sent('GET /livez', ['User-Agent: x\u001b[31m{"level":"fatal"}'])
    await until(() => server.logged().length > before)
    expect(JSON.stringify(server.logged())).not.toContain('fatal')
    expect(JSON.stringify(server.logged())).not.toContain('forged')
  })

  test('OP06 a failure says nothing of what failed', async () => {
    const answer = await post('break', '{}')
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(text).not.toMatch(/select|hidden_table|src|Error:|\d+\.\d+\.\d+/)
    expect([...answer.headers.keys()]).not.toContain('server')
    expect([...answer.headers.keys()]).not.toContain('x-powered-by')
    expect(JSON.stringify(server.logged())).toContain('hidden_table')
  })
})

describe('how much at once', () => {
  const LIMITS = { concurrency: { address: 6, tenant: 4 } }

  async function hold(on: ApiServer, count: number, user: string) {
    const leave = new AbortController()
    const held = Array.from({ length: count }, () =>
      fetch(`${on.url}/api/wait`, {
        method: 'POST',
        headers: { authorization: `Bearer ${user}`, 'content-type': 'application/json' },
        body: '{}',
        signal: leave.signal,
      }).catch(() => undefined),
    )
    return {
      async end() {
        leave.abort()
        await Promise.all(held)
      },
    }
  }

  test('DS06 a user holds half of its tenant, a tenant its places, an address its own; all come back when callers leave', async () => {
    const own = await startApiServer(LIMITS)
    try {
      const ada = await hold(own, 2, 'ada-a')
      await until(() => own.waiting() === 2)
      const refused = await post('keep', '{}', own, 'ada-a')
      expect(refused.status).toBe(429)
      expect(refused.headers.get('retry-after')).toBe('1')
      expect(await refused.json()).toMatchObject({ code: 'rate_limited', reason: 'too_many_running' })
      const bob = await hold(own, 2, 'bob-a')
      await until(() => own.waiting() === 4)
      expect((await post('keep', '{}', own, 'cyd-a')).status).toBe(429)
      expect((await post('keep', '{}', own, 'dan-b')).status).toBe(200)
      const dan = await hold(own, 2, 'dan-b')
      await until(() => own.waiting() === 6)
      expect((await post('keep', '{}', own, 'eve-b')).status).toBe(429)
      expect((await fetch(`${own.url}/livez`)).status).toBe(200)
      await Promise.all([ada.end(), bob.end(), dan.end()])
      await until(() => own.waiting() === 0)
      for (const user of ['ada-a', 'cyd-a', 'eve-b'])
        expect((await post('keep', '{}', own, user)).status).toBe(200)
    } finally {
      await own.stop(0)
    }
  })

  test('DS06 who sends requests without end down one connection loses it, and everything that ran for it ends', async () => {
    const own = await startApiServer({ concurrency: { address: 1_000, tenant: 1_000 } })
    const wait = requestText('POST /api/wait', [ADA, JSON_TYPE, 'Content-Length: 2'], '{}')
    try {
      const few = connect(own.port, '127.0.0.1', () => few.write(wait.repeat(12)))
      few.on('error', () => undefined).resume()
      await until(() => own.waiting() === 12)
      few.destroy()
      await until(() => own.waiting() === 0)
      await sendRaw(own.port, wait.repeat(1_000)).catch(() => undefined)
      await until(() => own.waiting() === 0)
      expect(own.waiting()).toBe(0)
    } finally {
      await own.stop(0)
    }
  })

  test('DS05 who does not read its answer is dropped, and others are served meanwhile', async () => {
    const own = await startApiServer({ slowReaderMs: 300 })
    const text = 'x'.repeat(1_900_000)
    const body = JSON.stringify({ text })
    const ask = requestText('POST /api/keep', [ADA, JSON_TYPE, `Content-Length: ${body.length}`], body)
    // Several answers, so that the buffers of the kernel cannot take them all.
    const slow = connect(own.port, '127.0.0.1', () => slow.write(ask.repeat(8)))
    const dropped = new Promise(resolve => slow.once('close', resolve))
    slow.pause().on('error', () => undefined)
    try {
      await until(() => own.inputs.length > 0)
      expect((await (await post('keep', body, own, 'bob-a')).text()).length).toBeGreaterThan(1_900_000)
      await sleep(2_000)
      slow.resume()
      await dropped
      expect(own.logged().some(({ status }) => status === 499)).toBe(true)
    } finally {
      slow.destroy()
      await own.stop(0)
    }
  })
})
