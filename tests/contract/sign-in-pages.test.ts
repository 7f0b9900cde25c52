// Signing in as a browser sees it: pages, forms, cookies and what other sites can make of them.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

vi.mock(import('../../src/gate/sign-in/password-hash.ts'), async original => {
  const { cheapPasswords } = await import('../harness/cheap-passwords.ts')
  return cheapPasswords(await original())
})

const PASSWORD = 'seven purple lanterns'
/** Somebody who chose it well. */
const NAME = '<img src=x onerror=alert(1)>'
const PAGES = ['/app/sign-in', '/app/first-run', '/app/invitation', '/app/reset', '/app']

let it: TestGatehouse
let acme: string
let code: string
let cookie: string

beforeAll(async () => {
  it = await openTestGatehouse()
  acme = await it.createTenant('acme')
  code = String(await it.gatehouse.accounts.firstRunLink()).split('#')[1] ?? ''
})
afterAll(() => it.close())

interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}
const send = (path: string, { headers = {}, ...rest }: Sent = {}) =>
  fetch(it.url + path, { redirect: 'manual', headers, ...rest })
const own = () => ({ origin: it.url, cookie })
const postForm = (
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = { origin: it.url },
) =>
  send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  })
const sendJson = (path: string, body: unknown, headers: Record<string, string> = own(), method = 'POST') =>
  send(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? ''

describe('the first account', () => {
  test('is told beside the field what is wrong, keeps what was typed, and gets no password back', async () => {
    const answer = await postForm('/app/first-run', {
      code,
      email: 'nonsense',
      name: NAME,
      password: 'short-secret',
    })
    const page = await answer.text()
    expect(answer.status).toBe(400)
    expect(page).toContain('Email must be an e-mail address.')
    expect(page).toContain('value="nonsense"')
    expect(page).not.toContain('short-secret')
    expect(page).toContain(`type="hidden" name="code" value="${code}"`)
  })

  test('UI04 is made, and the cookie that comes of it is for no script', async () => {
    const answer = await postForm('/app/first-run', {
      code,
      email: 'ada@example.com',
      name: NAME,
      password: PASSWORD,
    })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/app'])
    expect(answer.headers.get('set-cookie')).toMatch(
      /^gatehouse=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; /,
    )
    cookie = cookieOf(answer)
  })
})

describe('every page', () => {
  test.each(PAGES)(
    'UI02 %s runs no script but our own file, takes no frame and no foreign form',
    async path => {
      const answer = await send(path, { headers: own() })
      const policy = answer.headers.get('content-security-policy') ?? ''
      // A redirect has no page to protect.
      const parts =
        answer.status === 303
          ? ["default-src 'none'", "frame-ancestors 'none'"]
          : ["script-src 'self'", "form-action 'self'", "base-uri 'none'", 'require-trusted-types-for']
      for (const part of ["default-src 'none'", "frame-ancestors 'none'", ...parts])
        expect(policy).toContain(part)
      expect(policy).not.toMatch(/unsafe|\*|data:/)
      expect(answer.headers.get('x-frame-options')).toBe('DENY')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(await answer.text()).not.toMatch(/<script>|<style|<[^>]*\s(?:on\w+|style)=/)
    },
  )

  test('UI01 shows what is markup as the text it is', async () => {
    const typed = { code: 'x', email: NAME, name: NAME, password: PASSWORD }
    const page = await (await postForm('/app/first-run', typed)).text()
    expect(page).not.toContain('<img src=x')
    expect(page).toContain('&#60;img src=x onerror=alert(1)&#62;')
  })

  test('UI04 has no token in it, and no script of ours touches storage', async () => {
    const page = await (await send('/app', { headers: own() })).text()
    expect(page).not.toContain(cookie.split('=')[1])
    const script = await (await send('/app/link.js')).text()
    expect(script).not.toMatch(/localStorage|sessionStorage|document\.cookie|innerHTML|fetch/)
    expect(script).toContain('history.replaceState')
  })
})

describe('signing in', () => {
  test('UI05 leads back to where somebody was going', async () => {
    const next = '/app/search?q=gdpr&explain=true'
    const asked = await send(`/app/sign-in?next=${encodeURIComponent(next)}`)
    expect(await asked.text()).toContain('name="next" value="/app/search?q=gdpr&#38;explain=true"')
    const answer = await postForm('/app/sign-in', { email: 'ada@example.com', password: PASSWORD, next })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, next])
    const again = await send(`/app/sign-in?next=${encodeURIComponent(next)}`, {
      headers: { cookie: cookieOf(answer) },
    })
    expect([again.status, again.headers.get('location')]).toEqual([303, next])
  })

  test.each(['//evil.test', 'https://evil.test', '/\\evil.test', '/.//evil.test'])(
    'UI05 leads home when `next` is %s',
    async next => {
      const asked = await send(`/app/sign-in?next=${encodeURIComponent(next)}`)
      expect(await asked.text()).not.toContain('evil.test')
      const answer = await postForm('/app/sign-in', { email: 'ada@example.com', password: PASSWORD, next })
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/app'])
    },
  )

  test('AU26 answers an unknown address and a wrong password alike, on the page and over JSON', async () => {
    const said = async (email: string) => {
      const page = await postForm('/app/sign-in', { email, password: 'wrong' })
      const json = await sendJson('/api/session', { email, password: 'wrong' }, {})
      const problem = (await json.json()) as Record<string, unknown>
      const shown = (await page.text()).replaceAll(email, '…')
      return [page.status, shown, json.status, { ...problem, request_id: '…', trace_id: '…' }]
    }
    const known = await said('ada@example.com')
    expect(await said('nobody@example.com')).toEqual(known)
    expect(known[0]).toBe(401)
  })
})

describe('UI03 another site', () => {
  const evil = () => ({ origin: 'https://evil.test', cookie })
  const asked = async (answer: Promise<Response>) => (await answer).status

  test('UI03 cannot post a form or JSON with the cookie of who is signed in', async () => {
    const switching = { tenant: acme }
    const requests = [
      sendJson('/api/session/password', { current: PASSWORD, new: 'stolen stolen stolen' }, evil(), 'PUT'),
      postForm('/app/sign-in', { email: 'ada@example.com', password: PASSWORD }, { origin: 'null' }),
      sendJson('/api/session', switching, evil(), 'PUT'),
      sendJson('/api/session', switching, { cookie }, 'PUT'),
      sendJson('/api/list_tenants', {}, evil()),
      sendJson('/api/list_tenants', {}, { cookie, 'sec-fetch-site': 'same-site' }),
      send('/api/session', { method: 'DELETE', headers: evil() }),
    ]
    expect(await Promise.all(requests.map(asked))).toEqual(requests.map(() => 403))
    expect(await asked(send('/api/session', { headers: { cookie } }))).toBe(200)
  })

  test('UI03 cannot dress JSON up as a form or as text', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const headers = { ...own(), 'content-type': type }
      const body = '{"deployment":true}'
      expect(await asked(send('/api/session', { method: 'PUT', headers, body }))).toBe(415)
      expect(await asked(send('/api/list_tenants', { method: 'POST', headers, body }))).toBe(415)
    }
  })

  test('UI03 our own page can', async () => {
    const answer = await sendJson('/api/list_tenants', {})
    expect(answer.status).toBe(200)
  })
})

describe('a session over JSON', () => {
  test('is switched, lends its principal to /api, and yields to an Authorization header', async () => {
    const invited = await it.gatehouse.accounts.sessions.look(cookie.split('=')[1] ?? '')
    expect(invited?.current).toEqual({ deployment: true })
    expect((await sendJson('/api/list_documents', {})).status).toBe(404)
    const beside = await sendJson('/api/list_tenants', {}, { ...own(), authorization: 'Bearer nonsense' })
    expect(beside.status).toBe(401)
  })

  test('is shown, ends by DELETE, and its password changes by PUT', async () => {
    const began = await sendJson('/api/session', { email: 'ada@example.com', password: PASSWORD }, {})
    expect(await began.json()).toMatchObject({
      account: { email: 'ada@example.com', name: NAME },
      tenants: [],
    })
    const mine = { origin: it.url, cookie: cookieOf(began) }
    const changed = await sendJson(
      '/api/session/password',
      { current: PASSWORD, new: 'eleven green tractors' },
      mine,
      'PUT',
    )
    expect(changed.status).toBe(204)
    expect((await send('/api/session', { headers: mine })).status).toBe(200)
    expect((await send('/api/session', { headers: own() })).status).toBe(401)
    const ended = await send('/api/session', { method: 'DELETE', headers: mine })
    expect([ended.status, ended.headers.get('set-cookie')]).toEqual([
      204,
      'gatehouse=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
    ])
    expect((await send('/api/session', { headers: mine })).status).toBe(401)
  })

  test('refuses what it does not know without repeating it', async () => {
    const answer = await sendJson(
      '/api/session',
      { email: 'a@b.example', password: 'p', secret: 'hunter2hunter2' },
      {},
    )
    expect(answer.status).toBe(400)
    expect(await answer.text()).not.toContain('hunter2')
  })
})

test('AU26 the eleventh try is told to wait, and how long', async () => {
  const tries = []
  for (let at = 0; at < 11; at++)
    tries.push(await sendJson('/api/session', { email: 'victim@example.com', password: 'guess' }, {}))
  expect(tries.map(({ status }) => status)).toEqual([...Array.from({ length: 10 }, () => 401), 429])
  expect(Number(tries.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0)
})
