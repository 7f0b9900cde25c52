// What a browser is told about the page, what other sites can make it do, and what it keeps.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser, ground } from './ground.ts'
import { FORMS, open, UNKNOWN, viewsOf } from './views.ts'

const ASSETS = join(import.meta.dirname, '../../web/dist/assets')
const TENANT = 'foldwick'
const OTHER = 'quillon-bay'

describeInBrowser('the page', () => {
  const it = ground({ samples: true })
  let elsewhere: Server
  let evil: string
  beforeAll(async () => {
    elsewhere = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://evil.test')
      response.setHeader('content-type', 'text/html')
      response.end(pathname === '/attack' ? attackPage(searchParams.get('at') ?? '') : '<!doctype html>')
    })
    await new Promise<void>(resolve => elsewhere.listen(0, '127.0.0.1', resolve))
    evil = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
  })
  afterAll(() => void elsewhere.close())

  test('UI02 comes with a policy without holes on every address, and its files are never taken for another type', async () => {
    const ada = await it.ada(TENANT)
    const things = { tenant: TENANT, query: 'a', documentId: UNKNOWN, taskId: UNKNOWN, contextId: UNKNOWN }
    const paths = [...viewsOf(things).map(({ path }) => path), ...FORMS, '/app/', '/app/a/b/c?d=e']
    for (const path of paths) {
      const answer = await ada.context.request.get(path)
      const headers = answer.headers()
      const policy = headers['content-security-policy'] ?? ''
      expect([path, answer.status()]).toEqual([path, 200])
      for (const wanted of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"])
        expect([path, policy.split('; ')]).toEqual([path, expect.arrayContaining([wanted])])
      expect([path, policy]).not.toEqual([path, expect.stringMatching(/unsafe|\*|data:|https?:/)])
      expect([path, headers['x-content-type-options'], headers['x-frame-options']]).toEqual([
        path,
        'nosniff',
        'DENY',
      ])
      expect([path, headers['cache-control']]).toEqual([path, expect.stringContaining('no-store')])
    }
    const files = readdirSync(ASSETS).filter(name => !/\.(br|gz)$/.test(name))
    expect(files.length).toBeGreaterThan(10)
    for (const name of files) {
      const headers = (await ada.context.request.get(`/app/assets/${name}`)).headers()
      expect([name, headers['x-content-type-options']]).toEqual([name, 'nosniff'])
      expect([name, headers['content-type']]).toEqual([name, expect.stringMatching(/^(text|image|font)\//)])
      expect([name, headers['content-type']]).not.toEqual([name, expect.stringContaining('html')])
    }
  })

  test('UI02 runs nothing that is put into it, and is in nobody’s frame', async () => {
    const ada = await it.ada(TENANT)
    await open(ada, '/app/search')
    const refused = await ada.page.evaluate<string[]>(INJECTIONS)
    expect(refused).toEqual(['innerHTML', 'script text', 'javascript:', 'document.write'])
    expect(ada.complaints.splice(0).length).toBeGreaterThan(0)
    expect(await ada.page.evaluate('window.pwned')).toBeUndefined()

    await ada.page.goto(`${evil}/attack?at=${encodeURIComponent(`frame ${it.url}/app/search`)}`)
    const frame = ada.page.frames()[1]
    await expect.poll(() => frame?.url()).toMatch(/^chrome-error:/)
    ada.complaints.splice(0)
  })

  test.for([
    ['a fetch of plain text', 'fetch text/plain'],
    ['a fetch of a form', 'fetch application/x-www-form-urlencoded'],
    ['a fetch of JSON', 'fetch application/json'],
    ['a form', 'form text/plain'],
    ['a form that goes to another tenant', 'form-switch'],
  ])('UI03 %s from another site changes nothing', async ([, way = '']) => {
    const ada = await it.ada(TENANT)
    const { page } = ada
    const answered = page
      .waitForEvent('requestfinished', request => request.url().startsWith(`${it.url}/api/`))
      .catch(() => undefined)
    const failed = page
      .waitForEvent('requestfailed', request => request.url().startsWith(`${it.url}/api/`))
      .catch(() => undefined)
    await page.goto(`${evil}/attack?at=${encodeURIComponent(`${way} ${it.url}`)}`, { waitUntil: 'commit' })
    await Promise.race([answered, failed])
    const { groups } = await it.operate(ada, 'list_groups', {})
    expect(groups.map(({ name }) => name)).not.toContain('evil')
    const session = (await (await ada.context.request.get('/api/session')).json()) as Session
    expect(session.tenants.find(({ tenant_id }) => tenant_id === session.current?.tenant_id)?.slug).toBe(
      TENANT,
    )
    ada.complaints.splice(0)
  })

  test('UI04 keeps no token: not in the page once it is closed, not in the address, not in the browser', async () => {
    const ada = await it.ada(TENANT)
    const { page, context } = ada
    const addresses: string[] = []
    context.on('request', request => addresses.push(request.url()))
    await open(ada, '/app/connect?client=curl')
    const made = page.waitForResponse('**/api/create_own_token')
    await page.getByRole('button', { name: 'Make a token' }).click()
    const { token } = (await (await made).json()) as { token: string }
    // Not to be read over one's shoulder either, until one asks.
    await page.locator('main code').filter({ hasText: 'Bearer ••' }).first().waitFor()
    expect(token.length).toBeGreaterThan(30)
    expect(await page.content()).not.toContain(token)
    await page
      .getByRole('button', { name: /^(Show|Reveal)/ })
      .first()
      .click()
    await expect.poll(() => page.content()).toContain(token)

    await page.getByRole('link', { name: 'Search', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor()
    expect(await page.content()).not.toContain(token)
    await page.goBack()
    await page.getByRole('button', { name: 'Make a token' }).waitFor()
    expect(await page.content()).not.toContain(token)

    expect(await page.evaluate(WHAT_IT_KEEPS)).toEqual({
      local: 0,
      session: [],
      databases: 0,
      caches: 0,
      cookie: '',
    })
    const [cookie] = await context.cookies(it.url)
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
    for (const secret of [token, cookie?.value ?? '']) {
      expect(addresses.join('\n')).not.toContain(secret)
      expect(await page.content()).not.toContain(secret)
    }
  })

  test('UI07 of a thing in another tenant shows what it shows of a thing that never was, letter by letter', async () => {
    const theirs = await it.ada(OTHER)
    const { documents } = await it.operate(theirs, 'list_documents', {})
    const { task } = await it.operate(theirs, 'start_task', { question: 'What is a good practice?' })
    const ada = await it.ada(TENANT)
    const shown = async (path: string, id: string): Promise<string> => {
      await open(ada, path)
      await ada.page.getByText('There is nothing here that you may see').waitFor()
      return (await ada.page.content()).replaceAll(id, 'ID')
    }
    for (const [path, id] of [
      ['/app/documents/', documents[0]?.document_id ?? ''],
      ['/app/tasks/', task.task_id],
    ] as const) {
      expect(id).not.toBe('')
      expect(await shown(path + id, id)).toBe(await shown(path + UNKNOWN, UNKNOWN))
    }
    await theirs.close()
  })

  test('UI07 of the deployment is not there for somebody who only acts in a tenant', async () => {
    const ada = await it.ada(TENANT)
    for (const path of ['/app/tenants', '/app/accounts', '/app/system', '/app/isolation']) {
      await open(ada, path)
      await ada.page.getByText('This page is one of the deployment').waitFor()
      expect(await ada.page.content()).not.toContain(OTHER)
    }
  })
})

interface Session {
  readonly current: { readonly tenant_id: string } | null
  readonly tenants: readonly { readonly tenant_id: string; readonly slug: string }[]
}

/** Tried in the page by a script of ours: names those that were refused or did nothing. */
const INJECTIONS = `(async () => {
  const refused = []
  const attempt = async (name, deed) => {
    try { await deed() } catch { refused.push(name); return }
    if (window.pwned === undefined) refused.push(name)
  }
  const script = () => document.createElement('script')
  await attempt('innerHTML', () => { document.body.innerHTML = '<img src=x onerror=window.pwned=1>' })
  await attempt('script text', () => { const one = script(); one.textContent = 'window.pwned=1'; document.body.append(one) })
  await attempt('javascript:', () => { const one = document.createElement('a'); one.href = 'javascript:window.pwned=1'; document.body.append(one); one.click() })
  await attempt('document.write', () => { document.write('<script>window.pwned=1<' + '/script>') })
  return refused
})()`

const WHAT_IT_KEEPS = `(async () => ({
  local: localStorage.length,
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
  cookie: document.cookie,
}))()`

/** A page of another site; what it does stands in its address. */
function attackPage(at: string): string {
  const [deed = '', ...rest] = at.split(' ')
  const target = rest.at(-1) ?? ''
  const body = JSON.stringify({ name: 'evil' })
  const type = rest[0] ?? ''
  const script =
    deed === 'fetch'
      ? `fetch('${target}/api/create_group', { method: 'POST', credentials: 'include', mode: '${type === 'application/json' ? 'cors' : 'no-cors'}', headers: { 'content-type': '${type}' }, body: '${body}' })`
      : 'document.forms[0]?.submit()'
  const action = deed === 'form-switch' ? `${target}/api/session` : `${target}/api/create_group`
  const form = `<form method=post enctype="text/plain" action="${action}"><input name='{"name":"evil","x":"' value='"}'></form>`
  return `<!doctype html><title>evil</title>${deed === 'frame' ? `<iframe src="${target}"></iframe>` : deed.startsWith('form') ? form : ''}<script>${script}</script>`
}
