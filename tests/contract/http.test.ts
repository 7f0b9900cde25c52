// What every request meets before its route, and the routes without an operation behind them.
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SECRET_DETAIL, startTestServer, type TestServer } from '../harness/mcp-server.ts'
import { anyNumber } from '../harness/mcp-wire.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop(0))

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(server.url + path, { method, headers })

/** Sends bytes as they are and answers everything that comes back until the server closes. */
function sendRaw(text: string | Buffer, port = server.port): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', chunk => (answer += String(chunk)))
    socket.once('close', () => resolve(answer))
    socket.once('error', reject)
  })
}

const raw = (path: string, headers: string[], method = 'GET') =>
  sendRaw([`${method} ${path} HTTP/1.1`, 'Connection: close', ...headers, '', ''].join('\r\n'))

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])

describe('Host and Origin', () => {
  test.each([
    ['localhost', 200],
    ['LOCALHOST:1234', 200],
    ['[::1]:80', 200],
    ['gatehouse.example', 200],
    ['partner.example', 200],
    ['evil.test', 403],
    ['localhost.evil.test', 403],
    ['evil.test@localhost', 403],
    ['localhost evil.test', 403],
    ['', 403],
  ])('MC01 a request to the Host "%s" gets %i', async (host, status) => {
    expect(statusOf(await raw('/.well-known/jwks.json', [`Host: ${host}`]))).toBe(status)
  })

  test.each([
    ['https://gatehouse.example', 200],
    ['https://partner.example', 200],
    ['http://localhost:7000', 200],
    ['http://localhost:7001', 403],
    ['http://gatehouse.example', 403],
    ['https://evil.test', 403],
    ['https://partner.example/path', 403],
    ['file://partner.example', 403],
    ['null', 403],
    ['nonsense', 403],
  ])('MC01 a page of the Origin %s gets %i', async (origin, status) => {
    expect(statusOf(await raw('/.well-known/jwks.json', ['Host: localhost:7000', `Origin: ${origin}`]))).toBe(
      status,
    )
  })

  test('MC01 the refusal comes before authentication, on /mcp and on unknown paths alike', async () => {
    expect(statusOf(await raw('/mcp', ['Host: evil.test'], 'POST'))).toBe(403)
    expect(statusOf(await raw('/nothing', ['Host: evil.test']))).toBe(403)
  })

  test('MC01 probes may use any Host: an orchestrator calls a pod by its address', async () => {
    expect(statusOf(await raw('/livez', ['Host: 10.1.2.3:8080']))).toBe(200)
  })

  test('MC22 no answer carries a CORS header, preflights included', async () => {
    for (const origin of ['https://evil.test', 'https://gatehouse.example']) {
      for (const path of ['/mcp', '/livez', '/.well-known/oauth-protected-resource']) {
        const answer = await raw(
          path,
          ['Host: localhost', `Origin: ${origin}`, 'Access-Control-Request-Method: POST'],
          'OPTIONS',
        )
        expect(answer.toLowerCase()).not.toContain('access-control')
        expect(statusOf(answer)).toBeGreaterThanOrEqual(400)
      }
    }
  })
})

describe('every answer', () => {
  test('carries the security headers and a request id', async () => {
    for (const path of ['/livez', '/nothing', '/mcp']) {
      const { headers } = await get(path)
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000',
        'cache-control': 'no-store',
      })
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('keeps a plain request id of the caller and replaces any other', async () => {
    const given = async (id: string) =>
      (await get('/livez', { 'x-request-id': id })).headers.get('x-request-id')
    expect(await given('abc.DEF_1-2')).toBe('abc.DEF_1-2')
    for (const bad of ['a b', '<script>', 'x'.repeat(65), 'é'])
      expect(await given(bad)).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('has one log line with ids, and without the query string', async () => {
    await get('/nothing?q=private-words', { 'x-request-id': 'log-1', authorization: 'Bearer private-token' })
    await sleep(20)
    const text = JSON.stringify(server.logged())
    const lines = server.logged().filter(line => line['request_id'] === 'log-1')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      method: 'GET',
      route: 'none',
      status: 404,
      ms: anyNumber,
      msg: 'request',
    })
    expect(text).not.toContain('private')
  })
})

describe('what is not there', () => {
  test('an unknown path is 404 with a problem document', async () => {
    const answer = await get('/nothing', { 'x-request-id': 'p-1' })
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is nothing at this path.',
      code: 'not_found',
      request_id: 'p-1',
    })
  })

  test('a wrong method is 405 and told the right ones', async () => {
    const answer = await get('/livez', {}, 'DELETE')
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET, HEAD')
    expect(await answer.json()).toMatchObject({ reason: 'method', detail: 'This path takes GET, HEAD only.' })
  })

  test('a malformed URL is 400, not 500', async () => {
    expect(statusOf(await raw('/%zz', ['Host: localhost']))).toBe(400)
  })
})

describe('what is too much', () => {
  const toMcp = (body: string, headers: string[]) =>
    sendRaw(
      ['POST /mcp HTTP/1.1', 'Host: localhost', 'Authorization: Bearer reader', ...headers, '', body].join(
        '\r\n',
      ),
    )

  test('DS01 D16 a body that says it is larger than 4 MiB is 413 before it is sent', async () => {
    const answer = await toMcp('', ['Content-Type: application/json', `Content-Length: ${5 * 1024 * 1024}`])
    expect(statusOf(answer)).toBe(413)
    expect(answer).toContain('"reason":"body_too_large"')
  })

  test('DS01 a chunked body is cut off at 4 MiB', async () => {
    let sent = 0
    const answer = await new Promise<string>(resolve => {
      const socket = connect(server.port, '127.0.0.1')
      let text = ''
      socket.on('data', chunk => (text += String(chunk)))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(text))
      socket.write('POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer reader\r\n')
      socket.write('Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n')
      const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
      const more = () => {
        if (socket.destroyed || sent > 1024 * 1024 * 1024) return
        sent += 65_536
        if (socket.write(chunk)) setImmediate(more)
        else socket.once('drain', more)
      }
      more()
    })
    expect(statusOf(answer)).toBe(413)
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  test('DS01 an honest client that sends 5 MiB reads the 413', async () => {
    const answer = await fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: { authorization: 'Bearer reader', 'content-type': 'application/json' },
      body: 'x'.repeat(5 * 1024 * 1024),
    })
    expect(answer.status).toBe(413)
  })

  test('DS03 a compressed body is 415, whatever it would unpack to', async () => {
    const answer = await toMcp('', [
      'Content-Type: application/json',
      'Content-Encoding: gzip',
      'Content-Length: 0',
      'Connection: close',
    ])
    expect(statusOf(answer)).toBe(415)
    expect(answer).toContain('"reason":"content_encoding"')
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'multipart/form-data; boundary=x',
  ])('a body of the type %s is 415', async type => {
    const answer = await toMcp('{}', [`Content-Type: ${type}`, 'Content-Length: 2', 'Connection: close'])
    expect(statusOf(answer)).toBe(415)
  })

  test('DS04 more than 100 headers, or more than 16 KiB of them, are 431', async () => {
    const many = Array.from({ length: 101 }, (_, index) => `X-${index}: 1`)
    expect(statusOf(await raw('/livez', ['Host: localhost', ...many]))).toBe(431)
    expect(statusOf(await raw('/livez', ['Host: localhost', `X-Long: ${'x'.repeat(17_000)}`]))).toBe(431)
  })

  test('DS04 a client that sends its headers slowly is cut off', { timeout: 30_000 }, async () => {
    const started = performance.now()
    const answer = await sendRaw('GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
    expect(statusOf(answer)).toBe(408)
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  test.each(['host', 'authorization', 'content-type'])('the header %s may be sent once only', async name => {
    const twice =
      name === 'host'
        ? ['Host: localhost', 'Host: localhost']
        : ['Host: localhost', `${name}: a`, `${name}: b`]
    expect(statusOf(await raw('/livez', twice))).toBe(400)
  })

  test('what is not HTTP gets 400 and no stack', async () => {
    const answer = await sendRaw('\x16\x03\x01 hello\r\n\r\n')
    expect(answer).toBe('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
  })
})

describe('the limit of an address', () => {
  test('answers 429 with Retry-After and tells a stranger nothing else; probes go on', async () => {
    const limited = await startTestServer({ addressRate: { perSecond: 0.1, burst: 3 } })
    try {
      const ask = () => fetch(`${limited.url}/mcp`, { method: 'POST' })
      for (let turn = 0; turn < 3; turn++) expect((await ask()).status).toBe(401)
      const refused = await ask()
      expect(refused.status).toBe(429)
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(refused.headers.get('ratelimit')).toBeNull()
      expect(refused.headers.get('www-authenticate')).toBeNull()
      expect(await refused.json()).toMatchObject({ code: 'rate_limited', retry_after_ms: anyNumber })
      expect((await fetch(`${limited.url}/livez`)).status).toBe(200)
    } finally {
      await limited.stop(0)
    }
  })
})

describe('health', () => {
  test('OP06 D23 readiness names the check that failed and no more; liveness and readiness differ', async () => {
    const own = await startTestServer()
    try {
      const ask = async (path: string) => {
        const answer = await fetch(own.url + path)
        return { status: answer.status, body: await answer.json() }
      }
      expect(await ask('/readyz')).toEqual({ status: 200, body: { status: 'ok', ready: true, failed: [] } })
      own.broken.add('database')
      await sleep(1_100)
      expect(await ask('/readyz')).toEqual({
        status: 503,
        body: { status: 'unavailable', ready: false, failed: ['database'] },
      })
      expect(await ask('/health')).toEqual({
        status: 503,
        body: { status: 'unavailable', live: true, ready: false, failed: ['database'] },
      })
      expect(await ask('/livez')).toEqual({ status: 200, body: { status: 'ok' } })
      // Why it failed is for the log alone.
      expect(JSON.stringify(own.logged())).toContain(SECRET_DETAIL)
    } finally {
      await own.stop(0)
    }
  })
})

describe('the well-known documents', () => {
  test('RFC 9728 metadata stands at the root and below the path of the resource', async () => {
    for (const path of ['', '/mcp']) {
      const answer = await get(`/.well-known/oauth-protected-resource${path}`)
      expect(answer.status).toBe(200)
      expect(await answer.json()).toEqual({
        resource: 'https://gatehouse.example/mcp',
        authorization_servers: ['https://gatehouse.example'],
        scopes_supported: ['documents:read', 'documents:write'],
        bearer_methods_supported: ['header'],
        resource_name: 'Gatehouse',
      })
    }
  })

  test('the public keys are served for a minute', async () => {
    const answer = await get('/.well-known/jwks.json')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=60')
    expect(await answer.json()).toEqual({ keys: [] })
  })
})
