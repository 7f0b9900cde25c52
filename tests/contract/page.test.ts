// How the page is served: to whom, with which headers, and that nothing but the built files ever is. A folder of a few
// files stands in the place of a build, and a word in the place of a session.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SessionView } from '../../src/gate/sign-in/session/session-view.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { hostPolicy } from '../../src/protocols/http/door/allowed-hosts.ts'
import { listenOnPort } from '../../src/protocols/http/listen.ts'
import { readBuiltPage, type BuiltPage } from '../../src/protocols/http/page/built-page.ts'
import { mountPage } from '../../src/protocols/http/page/mount-page.ts'
import { httpServer, type HttpServer } from '../../src/protocols/http/server.ts'
import { sendRaw, statusOf } from '../harness/raw-http.ts'

const INDEX =
  '<!doctype html><title>Gatehouse</title><script type="module" src="/app/assets/a-1.js"></script>'
const SCRIPT = `export const words = ${JSON.stringify('so '.repeat(500))}`
const SECRET = 'outside of the folder'
const SESSION: SessionView = {
  account: { id: 'a', email: 'ada@example.com', name: 'Ada', is_operator: false },
  tenants: [],
  current: null,
  barred: null,
  expires_at: '2030-01-01T00:00:00.000Z',
  idle_seconds: 60,
  version: '0.0.0-test',
}

let folder: string
let built: Served
let missing: Served

interface Served {
  readonly url: string
  readonly port: number
  readonly server: HttpServer
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-page-'))
  const assets = join(folder, 'dist/assets')
  mkdirSync(join(assets, 'inner'), { recursive: true })
  writeFileSync(join(folder, 'secret.js'), SECRET)
  writeFileSync(join(folder, 'dist/index.html'), INDEX)
  writeFileSync(join(folder, 'dist/licences.txt'), SECRET)
  writeFileSync(join(assets, 'a-1.js'), SCRIPT)
  writeFileSync(join(assets, 'a-1.js.br'), brotliCompressSync(SCRIPT))
  writeFileSync(join(assets, 'a-1.js.gz'), gzipSync(SCRIPT))
  writeFileSync(join(assets, 'a-2.css'), 'a {}')
  writeFileSync(join(assets, 'unknown.exe'), SECRET)
  writeFileSync(join(assets, 'inner/b.js'), SECRET)
  symlinkSync(join(folder, 'secret.js'), join(assets, 'linked.js'))
  built = await serve(readBuiltPage(pathToFileURL(join(folder, 'dist/'))))
  missing = await serve(readBuiltPage(pathToFileURL(join(folder, 'nowhere/'))))
})
afterAll(async () => {
  await Promise.all([built, missing].map(({ server }) => server.stop(0)))
  rmSync(folder, { recursive: true, force: true })
})

async function serve(page: BuiltPage | undefined): Promise<Served> {
  const server = httpServer({
    log: createLogger('silent'),
    isHttps: false,
    hosts: hostPolicy({ publicUrl: 'http://127.0.0.1', isLocal: true, allowedHosts: [] }),
  })
  const look = async (secret: string) => {
    if (secret === 'broken') throw new Error('the database is away')
    return secret === 'ada' ? SESSION : undefined
  }
  mountPage(server.app, { sessions: { look }, publicUrl: 'http://127.0.0.1', page })
  const port = await listenOnPort(server.app, { host: '127.0.0.1', port: 0 })
  return { server, port, url: `http://127.0.0.1:${port}` }
}

const get = (path: string, headers: Record<string, string> = {}, { url } = built) =>
  fetch(url + path, { redirect: 'manual', headers })
const ADA = { cookie: 'gatehouse=ada' }
const STRANGERS = [{}, { cookie: 'gatehouse=somebody' }, { authorization: 'Bearer ada' }]

describe('the page', () => {
  test('UI07 is the same for every path below /app, so that a link into another tenant tells nothing', async () => {
    for (const path of ['/app', '/app/', '/app/documents/0193', '/app/nonsense/a/b', '/app/search?q=%00']) {
      const answer = await get(path, ADA)
      expect([path, answer.status, await answer.text()]).toEqual([path, 200, INDEX])
    }
  })

  test('UI02 comes with a policy that lets nothing run, load or frame from elsewhere, and is not kept', async () => {
    const { headers } = await get('/app/search', ADA)
    const policy = (headers.get('content-security-policy') ?? '').split('; ')
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ]),
    )
    expect(policy.join()).not.toMatch(/unsafe|\*|data:|https?:/)
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
  })

  test('UI05 is for whoever has a session; others are led to sign in, and from there back', async () => {
    for (const headers of STRANGERS) {
      const answer = await get('/app/search?q=a%20b&x=//evil.test', headers)
      const next = encodeURIComponent('/app/search?q=a%20b&x=//evil.test')
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `/app/sign-in?next=${next}`])
      expect(await answer.text()).toBe('')
    }
    expect((await get('/app')).headers.get('location')).toBe('/app/sign-in')
  })

  test('answers HEAD as GET, without the page', async () => {
    const answer = await fetch(`${built.url}/app/search`, { method: 'HEAD', headers: ADA })
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, String(INDEX.length)])
    expect(await answer.text()).toBe('')
  })

  test('says in words when sessions cannot be looked up, and nothing of why', async () => {
    const answer = await get('/app', { cookie: 'gatehouse=broken' })
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(text).toContain('That did not work')
    expect(text).not.toContain('database')
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
  })

  test('that is not built says how to build it, to whoever is signed in', async () => {
    const answer = await get('/app/search', ADA, missing)
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('npm run build:web')
    expect((await get('/app/search', {}, missing)).status).toBe(303)
    expect((await get('/app/assets/a-1.js', {}, missing)).status).toBe(404)
  })
})

describe('its files', () => {
  test('are for everybody and for ever, each of its type', async () => {
    const script = await get('/app/assets/a-1.js', { 'accept-encoding': 'identity' })
    expect(await script.text()).toBe(SCRIPT)
    expect(Object.fromEntries(script.headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
    })
    const style = await get('/app/assets/a-2.css?v=1')
    expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
  })

  test.each([
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
  ])('come compressed to whoever accepts %s', async (accepted, encoding) => {
    // fetch unpacks what it is told is packed.
    const answer = await get('/app/assets/a-1.js', { 'accept-encoding': accepted })
    expect([answer.headers.get('content-encoding'), answer.headers.get('vary')]).toEqual([
      encoding,
      'Accept-Encoding',
    ])
    expect(Number(answer.headers.get('content-length'))).toBeLessThan(SCRIPT.length / 2)
    expect(await answer.text()).toBe(SCRIPT)
  })

  test.each([
    '/app/assets/',
    '/app/assets/a-1.js.br',
    '/app/assets/none-1.js',
    '/app/assets/linked.js',
    '/app/assets/unknown.exe',
    '/app/assets/inner/b.js',
    '/app/assets/../licences.txt',
    '/app/assets/%2e%2e/index.html',
    '/app/assets/..%2f..%2fsecret.js',
    '/app/assets/..%5c..%5csecret.js',
    '/app/assets/%2e%2e%2f%2e%2e%2fsecret.js',
    '/app/assets/....//secret.js',
    '/app/assets//a-1.js',
    '/app/assets/a-1.js%00.css',
    '/app/assets/a%2D1.js',
    '/app/assets/__proto__',
    '/app/assets/constructor',
    '/app/../secret.js',
    '/app/%2e%2e/secret.js',
    '/app/assets/%ff',
    '/app/assets/%zz',
  ])('no other path reaches a file: %s', async path => {
    const lines = [`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Cookie: gatehouse=ada', 'Connection: close']
    const answer = await sendRaw(built.port, `${lines.join('\r\n')}\r\n\r\n`)
    expect(answer).not.toContain(SECRET)
    expect(answer).not.toContain(SCRIPT)
    // Below /app the page itself says that there is nothing; what is no path of ours is not there.
    expect([400, 404]).toContain(answer.includes(INDEX) ? 404 : statusOf(answer))
    if (path.startsWith('/app/assets/')) expect(answer).not.toContain(INDEX)
  })
})

test('the root leads a browser to the page, and is nothing for a program', async () => {
  const browser = await get('/', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
  expect([browser.status, browser.headers.get('location')]).toEqual([303, '/app'])
  const program = await get('/', { accept: 'application/json' })
  expect([program.status, await program.json()]).toMatchObject([404, { code: 'not_found' }])
})
