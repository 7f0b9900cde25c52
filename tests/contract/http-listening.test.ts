// Where the server listens, and how it stops.
import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { hostPolicy } from '../../src/protocols/http/door/allowed-hosts.ts'
import { listenOnPort, listenOnSocket } from '../../src/protocols/http/listen.ts'
import { httpServer } from '../../src/protocols/http/server.ts'
import { publishedSocketPath, publishSocketPath, socketPath } from '../../src/protocols/http/socket-path.ts'
import { startTestServer, type TestServer } from '../harness/mcp-server.ts'

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
    const started = performance.now()
    const stopped = own.stop(20_000)
    await sleep(50)
    await expect(fetch(`${own.url}/livez`)).rejects.toThrow('fetch failed')
    expect(await (await running).text()).toContain('waited_ms')
    await stopped
    // It waits for the call, not for the connection it came on.
    expect(performance.now() - started).toBeLessThan(5_000)
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
    const taker = await startTestServer()
    const { app } = bare()
    await expect(listenOnPort(app, { host: '127.0.0.1', port: taker.port })).rejects.toThrow(
      `Port ${taker.port} on 127.0.0.1 is taken: stop the program that listens there, or choose another with GATEHOUSE_PORT.`,
    )
    await Promise.all([app.close(), taker.stop(0)])
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
    leaveDeadSocket(join(folder, 'two', 'dead.sock'))
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

/** What a killed process leaves behind: the file, and nobody who listens. */
function leaveDeadSocket(path: string): void {
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', script])
}
