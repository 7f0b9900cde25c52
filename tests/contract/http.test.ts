// What every request meets before its route, and the routes without an operation behind them.
import { mkdtemp, rm, stat, chmod, writeFile, mkdir } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { hostPolicy } from '../../src/protocols/http/door/allowed-hosts.ts'
import { listenOnPort, listenOnSocket } from '../../src/protocols/http/listen.ts'
import { httpServer } from '../../src/protocols/http/server.ts'
import { publishedSocketPath, publishSocketPath, socketPath } from '../../src/protocols/http/socket-path.ts'
import { SECRET_DETAIL, startTestServer, type TestServer } from '../harness/mcp-server.ts'

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
      ms: expect.any(Number),
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

  test('DS01 a body that says it is larger than 4 MiB is 413 before it is sent', async () => {
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
      expect(await refused.json()).toMatchObject({ code: 'rate_limited', retry_after_ms: expect.any(Number) })
      expect((await fetch(`${limited.url}/livez`)).status).toBe(200)
    } finally {
      await limited.stop(0)
    }
  })
})

describe('health', () => {
  test('D23 readiness names the check that failed and no more; liveness and readiness differ', async () => {
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

describe('stopping', () => {
  const call = (own: TestServer, ms: number) =>
    fetch(`${own.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer reader',
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'wait', arguments: { ms } },
      }),
    })

  test('lets running calls end and takes no new connection', async () => {
    const own = await startTestServer()
    const running = call(own, 400)
    await sleep(100)
    const stopped = own.stop(5_000)
    await sleep(50)
    await expect(fetch(`${own.url}/livez`)).rejects.toThrow()
    expect(await (await running).text()).toContain('waited_ms')
    await stopped
    expect(own.seen.waits).toEqual(['done'])
  })

  test('aborts what still runs when its patience ends', async () => {
    const own = await startTestServer()
    const running = call(own, 30_000).then(answer => answer.text())
    await sleep(100)
    const started = performance.now()
    await own.stop(200)
    expect(performance.now() - started).toBeLessThan(3_000)
    expect(own.seen.waits).toEqual(['aborted'])
    await running.catch(() => undefined)
  })
})

describe('where it listens', () => {
  const quiet = createLogger('silent')
  const bare = () =>
    httpServer({
      log: quiet,
      isHttps: false,
      hosts: hostPolicy({ publicUrl: 'http://127.0.0.1:8080', isLocal: true, allowedHosts: [] }),
    })
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gh-http-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('a taken port is named, with what to do', async () => {
    const { app } = bare()
    await expect(listenOnPort(app, { host: '127.0.0.1', port: server.port })).rejects.toThrow(
      `Port ${server.port} on 127.0.0.1 is taken: stop the program that listens there, or choose another with GATEHOUSE_PORT.`,
    )
    await app.close()
  })

  test('an address of another machine is named', async () => {
    const { app } = bare()
    await expect(listenOnPort(app, { host: '192.0.2.1', port: 0 })).rejects.toThrow('correct GATEHOUSE_HOST')
    await app.close()
  })

  test('the socket is open to its owner alone, and serves the routes it was given', async () => {
    const path = join(folder, 'one', 'gatehouse.sock')
    const { app, stop } = bare()
    app.post('/operations/:name', async request => ({ asked: (request.params as { name: string }).name }))
    await listenOnSocket(app, path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'one'))).mode & 0o777).toBe(0o700)
    const answer = await new Promise<string>((resolve, reject) => {
      const outgoing = httpRequest({
        socketPath: path,
        path: '/operations/x',
        method: 'POST',
        headers: { host: 'localhost' },
      })
      outgoing.on('response', incoming => incoming.on('data', chunk => resolve(String(chunk))))
      outgoing.on('error', reject)
      outgoing.end()
    })
    expect(answer).toBe('{"asked":"x"}')
    await stop(0)
  })

  test('a dead socket is replaced, a live one is refused', async () => {
    const path = join(folder, 'two', 'gatehouse.sock')
    const first = bare()
    await listenOnSocket(first.app, path)
    const second = bare()
    await expect(listenOnSocket(second.app, path)).rejects.toThrow(
      `A Gatehouse is running already: it listens on ${path}.`,
    )
    // What a killed process leaves behind: the file, and nobody who listens.
    await leaveDeadSocket(join(folder, 'two', 'dead.sock'))
    const third = bare()
    await listenOnSocket(third.app, join(folder, 'two', 'dead.sock'))
    await Promise.all([first.stop(0), second.stop(0), third.stop(0)])
  })

  test('a folder that others can enter, or a file in the way, is refused by name', async () => {
    const open = join(folder, 'open')
    await mkdir(open)
    await chmod(open, 0o755)
    const { app, stop } = bare()
    await expect(listenOnSocket(app, join(open, 'a.sock'))).rejects.toThrow(`run: chmod 700 ${open}`)
    await chmod(open, 0o700)
    await writeFile(join(open, 'a.sock'), 'precious')
    await expect(listenOnSocket(app, join(open, 'a.sock'))).rejects.toThrow('is in the way')
    await stop(0)
  })

  test('a deep data folder gets a short path, and says where', async () => {
    const deep = join(folder, 'd'.repeat(120))
    expect(socketPath(folder)).toBe(join(folder, 'socket', 'gatehouse.sock'))
    expect(Buffer.byteLength(socketPath(deep))).toBeLessThan(104)
    await publishSocketPath(folder, socketPath(deep))
    expect(await publishedSocketPath(folder)).toBe(socketPath(deep))
    expect((await stat(join(folder, 'socket-path'))).mode & 0o777).toBe(0o600)
  })
})

async function leaveDeadSocket(path: string): Promise<void> {
  const { spawnSync } = await import('node:child_process')
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', script])
}
