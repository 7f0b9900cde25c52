// /api over the wire: who gets in, what is refused and how, and that its description is what it does.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApiServer, type ApiServer } from '../../../tests/harness/api-server.ts'

let server: ApiServer
beforeAll(async () => {
  server = await startApiServer()
})
afterAll(() => server.stop(0))

const ask = (path: string, user?: string, body: unknown = {}) =>
  fetch(`${server.url}/api/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(user === undefined ? {} : { authorization: `Bearer ${user}` }),
    },
    body: JSON.stringify(body),
  })

/** What an answer says, without what differs in every answer. */
const said = async (answer: Response) => [
  answer.status,
  (await answer.text()).replaceAll(/"(request|trace)_id":"[^"]*"/g, ''),
]

test('AU23 without a credential every operation, known or not, says the same 401 with a challenge', async () => {
  const answers = await Promise.all(['keep', 'operate', 'nothing', '__proto__', 'a/b'].map(path => ask(path)))
  for (const answer of answers)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="gatehouse"')
  const texts = await Promise.all(answers.map(said))
  expect(new Set(texts.map(text => JSON.stringify(text))).size).toBe(1)
  expect(texts[0]?.[0]).toBe(401)
})

test('a wrong credential is told that it is not valid, in a challenge without quotes inside', async () => {
  const answer = await ask('keep', 'nobody')
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toBe(
    'Bearer realm="gatehouse", error="invalid_token", error_description="The access token is not valid."',
  )
})

test('an operation of the other realm says what one that does not exist says', async () => {
  const unknown = await said(await ask('nothing', 'ada-a'))
  expect(unknown[0]).toBe(404)
  expect(await said(await ask('operate', 'ada-a'))).toEqual(unknown)
  expect(await said(await ask('keep', 'operator'))).toEqual(await said(await ask('nothing', 'operator')))
  expect((await ask('operate', 'operator')).status).toBe(200)
})

test('AU22 a missing scope is 403 and names that scope alone', async () => {
  const answer = await ask('change', 'ada-a', { id: '018f3e2a-0000-7000-8000-000000000001' })
  expect(answer.status).toBe(403)
  expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
  expect(answer.headers.get('www-authenticate')).toContain('scope="documents:write"')
  expect(await answer.json()).toMatchObject({ code: 'forbidden', reason: 'insufficient_scope' })
})

test('an answer carries limits and, for who may see them, the times of its stages', async () => {
  const { headers } = await ask('keep', 'ada-a')
  expect(headers.get('ratelimit')).toMatch(/^"tenant";r=\d+/)
  expect(headers.get('server-timing')).toMatch(/^authenticate;dur=[\d.]+, .*authorize;dur=/)
  expect((await ask('operate', 'operator')).headers.get('ratelimit')).toBeNull()
})

test('a caller who is too fast is 429 with Retry-After', async () => {
  const slow = await startApiServer({ rate: { perSecond: 0.1, burst: 1 } })
  try {
    const one = () =>
      fetch(`${slow.url}/api/keep`, { method: 'POST', headers: { authorization: 'Bearer ada-a' } })
    expect((await one()).status).toBe(200)
    const refused = await one()
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ reason: 'tenant_rate' })
  } finally {
    await slow.stop(0)
  }
})

test('a call without a body is a call with no arguments', async () => {
  const answer = await fetch(`${server.url}/api/keep`, {
    method: 'POST',
    headers: { authorization: 'Bearer ada-a' },
  })
  expect(answer.status).toBe(200)
})

test('other methods are told POST', async () => {
  const answer = await fetch(`${server.url}/api/keep`)
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
})

describe('the description', () => {
  interface Described {
    readonly paths: Record<string, { post: Record<string, unknown> }>
  }
  let document: Described
  beforeAll(async () => {
    document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as Described
  })

  test('lists the routes that the router has, and no others', () => {
    const routes = server
      .routes()
      .filter(({ method, path }) => method === 'POST' && path.startsWith('/api/') && path !== '/api/*')
    expect(Object.keys(document.paths).toSorted()).toEqual(routes.map(({ path }) => path).toSorted())
  })

  test('says of each who may call it, what it takes and how it refuses', () => {
    expect(document.paths['/api/keep']?.post).toMatchObject({
      operationId: 'keep',
      'x-scope': 'documents:read',
      security: [{ bearer: ['documents:read'] }],
      requestBody: { required: false },
      responses: {
        401: { $ref: '#/components/responses/Unauthenticated' },
        403: { $ref: '#/components/responses/Forbidden' },
      },
    })
    expect(document.paths['/api/operate']?.post['security']).toEqual([{ operator: [] }])
  })

  test('every refusal it names is one of its components', () => {
    const text = JSON.stringify(document)
    const { components } = document as unknown as { components: { responses: Record<string, unknown> } }
    const named = new Set([...text.matchAll(/#\/components\/responses\/(\w+)/g)].map(([, name]) => name))
    expect(named).toEqual(new Set(Object.keys(components.responses)))
  })
})
