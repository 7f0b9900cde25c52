// Every route that the router knows, with every kind of wrong credential. Generated from the router: a new route is
// covered from birth, and one that lets strangers in has to stand on the list of those that may.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Operation } from '../../src/gate/operation.ts'
import { SCOPE_NAMES } from '../../src/gate/scopes.ts'
import { credentialAnswers } from '../../src/protocols/api/credential-answers.ts'
import { OPEN_ROUTES, SESSION_ROUTES } from '../../src/protocols/http/open-routes.ts'
import { apiToken, askApi, askRoute } from '../harness/api-client.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

let whole: TestGatehouse
type Door = 'mcp' | 'api' | 'a2a'
/** Authorization headers that open nothing, by what is wrong with them. */
const refused: Record<string, Record<Door, string | undefined>> = {}
let powerless: string
let agentTenant: string
let strong: string

beforeAll(async () => {
  // Every credential at every route: more than an address may ask for in so short a time.
  whole = await openTestGatehouse({ GATEHOUSE_RATE_PER_SECOND: '10000', GATEHOUSE_RATE_BURST: '10000' })
  const [a, suspended] = await Promise.all([whole.createTenant('sweep-a'), whole.createTenant('sweep-s')])
  agentTenant = a
  const each = async (header: (audience: Door) => Promise<string> | string) => ({
    mcp: await header('mcp'),
    api: await header('api'),
    a2a: await header('a2a'),
  })
  const expired = await each(
    async audience => `Bearer ${await apiToken(whole, a, ['documents:read'], { ttl_seconds: 1, audience })}`,
  )
  const signed = Date.now()
  const constant = (header: string) => each(() => header)
  Object.assign(refused, {
    nothing: { mcp: undefined, api: undefined, a2a: undefined },
    garbage: await constant('Bearer nonsense'),
    'another scheme': await constant('Basic b3BlcmF0b3I6b3BlcmF0b3I='),
    'two words': await constant('Bearer one two'),
    'an empty token': await constant('Bearer '),
    'a broken signature': {
      mcp: `${expired.mcp.slice(0, -9)}AAAAAAAAA`,
      api: `${expired.api.slice(0, -9)}AAAAAAAAA`,
      a2a: `${expired.a2a.slice(0, -9)}AAAAAAAAA`,
    },
    'a key that does not exist': await constant(`Bearer ghk_${'A'.repeat(12)}_${'B'.repeat(43)}_000000`),
    expired,
    revoked: await each(audience => revokedToken(a, audience)),
    "a suspended tenant's": await each(
      async audience => `Bearer ${await apiToken(whole, suspended, SCOPE_NAMES, { audience })}`,
    ),
    "a disabled user's": await each(
      async audience => `Bearer ${await apiToken(whole, a, SCOPE_NAMES, { user: 'mallory', audience })}`,
    ),
    'a token for another door': {
      mcp: `Bearer ${await apiToken(whole, a, SCOPE_NAMES)}`,
      api: `Bearer ${await apiToken(whole, a, SCOPE_NAMES, { audience: 'a2a' })}`,
      a2a: `Bearer ${await apiToken(whole, a, SCOPE_NAMES, { audience: 'mcp' })}`,
    },
  })
  powerless = await apiToken(whole, a, ['timing:read'])
  strong = await apiToken(whole, a, SCOPE_NAMES)
  await whole.gatehouse.operate('suspend_tenant', { tenant: 'sweep-s', reason: 'the sweep' })
  for (const [operation, input] of [
    ['create_user', { id: 'mallory', name: 'Mallory', role: 'admin' }],
    ['disable_user', { id: 'mallory' }],
  ] as const) {
    const { status, text } = await askApi(whole.url, operation, strong, input)
    if (status !== 200) throw new Error(`${operation}: ${text}`)
  }
  await whole.gatehouse.trust.refresh()
  // A second of life, five of tolerance.
  await sleep(Math.max(0, 6_200 - (Date.now() - signed)))
})

async function revokedToken(tenant: string, audience: Door): Promise<string> {
  const { token, token_id } = await whole.gatehouse.operate('create_token', {
    tenant,
    user: 'gone',
    audience,
  })
  await whole.gatehouse.operate('revoke_token', { token_id })
  return `Bearer ${String(token)}`
}

afterAll(() => whole.close())

/** The routes that a bearer credential opens, with something in the place of what varies. */
const guarded = () => {
  const others = new Set([...OPEN_ROUTES, ...SESSION_ROUTES].map(({ method, path }) => `${method} ${path}`))
  return whole
    .routes()
    .filter(({ method, path }) => !others.has(`${method} ${path}`))
    .map(({ method, path }) => ({ method, path: filled(path) }))
}
/** The router writes a colon twice that is meant as one. */
const filled = (path: string) =>
  path
    .replace('*', 'nothing')
    .replaceAll(/(?<!:):(?!:)\w+/g, 'x')
    .replaceAll('::', ':')
const doorOf = (path: string): Door =>
  path.startsWith('/api/') ? 'api' : /^\/(a2a|tasks)\b/.test(path) ? 'a2a' : 'mcp'
/** Those of the agent, with verbs where a task's URL has none, and below the caller's own tenant. */
const agentRoutes = () =>
  guarded()
    .filter(({ path }) => doorOf(path) === 'a2a')
    .map(({ method, path }) => ({
      method,
      path: `${path.replace('/rest/x/', `/rest/${agentTenant}/`)}${
        method === 'POST' && /\/rest\/.*tasks\/x$/.test(path) ? ':cancel' : ''
      }`,
    }))
const AGENT_METHODS = [
  ['message/send', 'tasks:write'],
  ['message/stream', 'tasks:write'],
  ['tasks/get', 'tasks:read'],
  ['tasks/cancel', 'tasks:write'],
  ['tasks/resubscribe', 'tasks:read'],
] as const
const rpcBody = (method: string, params: unknown) => ({ jsonrpc: '2.0', id: 1, method, params })
/** Each binding of A2A has a shape of its own for what is refused. */
const shapeOf = (path: string) => /^\/a2a(\/rest)?\b/.exec(path)?.[0] ?? 'problem'

const operationsOf = (realm: Operation['realm']) =>
  whole.gatehouse.catalog.filter(operation => operation.realm === realm)

test('AU23 AU11 every route but the listed ones is 401 for every wrong credential, and says the same on all of them', async () => {
  const routes = guarded()
  expect(routes.length).toBeGreaterThan(whole.gatehouse.catalog.length)
  const wrong: string[] = []
  for (const [name, headers] of Object.entries(refused)) {
    const said = new Map<string, Set<string>>()
    for (const route of routes) {
      const answer = await askRoute(whole.url, route, headers[doorOf(route.path)])
      const at = `${name}: ${route.method} ${route.path} ${answer.status}`
      if (answer.status !== 401) wrong.push(`${at} ${answer.text.slice(0, 200)}`)
      if (!answer.headers.get('www-authenticate')?.startsWith('Bearer ')) wrong.push(`${at} has no challenge`)
      // HEAD says nothing by nature.
      const all = said.get(shapeOf(route.path)) ?? new Set()
      if (answer.text !== '') all.add(answer.text.replaceAll(/("requestId":")[^"]*/g, '$1…'))
      said.set(shapeOf(route.path), all)
    }
    for (const all of said.values()) if (all.size > 1) wrong.push(`${name}: ${[...all].join(' | ')}`)
  }
  expect(wrong).toEqual([])
})

test('AU23 what is wrong with a credential shows in its reason and sentence, and nowhere else', async () => {
  const shapes = new Set<string>()
  for (const headers of Object.values(refused)) {
    const { body } = await askRoute(whole.url, { method: 'POST', path: '/api/list_documents' }, headers.api)
    shapes.add(JSON.stringify({ ...body, detail: '', reason: '', request_id: '', trace_id: '' }))
  }
  expect([...shapes]).toHaveLength(1)
})

test('AU23 the routes of a session let nobody in by a bearer credential, not even a good one', async () => {
  for (const { stranger, ...route } of SESSION_ROUTES) {
    for (const header of [undefined, `Bearer ${strong}`, 'Bearer nonsense']) {
      const { status } = await askRoute(whole.url, route, header)
      expect([route.method, route.path, status]).toEqual([route.method, route.path, stranger])
    }
  }
})

test('AU22 a token without the scope is 403 at every operation of a tenant, with that scope alone in the challenge', async () => {
  for (const operation of operationsOf('tenant')) {
    if (operation.realm !== 'tenant' || operation.scope === 'timing:read') continue
    const { status, body, headers } = await askApi(whole.url, operation.name, powerless, {})
    expect([operation.name, status, body['reason']]).toEqual([operation.name, 403, 'insufficient_scope'])
    expect(headers.get('www-authenticate')).toContain(`scope="${operation.scope}"`)
  }
})

test('AU22 a token for the agent without the scope is 403 at each of its routes and methods, with that scope alone in the challenge', async () => {
  const token = `Bearer ${await apiToken(whole, agentTenant, ['timing:read'], { audience: 'a2a' })}`
  const routes = agentRoutes().filter(({ path }) => !/\/a2a$|pushNotification|extendedAgentCard/.test(path))
  expect(routes.length).toBeGreaterThan(15)
  const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'x' }] }
  const legacy = { ...message, role: 'user', parts: [{ kind: 'text', text: 'x' }] }
  const asked = [
    ...routes.map(route => {
      const reads = ['GET', 'HEAD'].includes(route.method)
      return { route, body: { message }, scope: reads ? 'tasks:read' : 'tasks:write' }
    }),
    ...AGENT_METHODS.map(([method, scope]) => {
      const params = method.startsWith('message/') ? { message: legacy } : { id: randomUUID() }
      return { route: { method: 'POST', path: '/a2a' }, body: rpcBody(method, params), scope }
    }),
  ]
  const wrong: string[] = []
  for (const { route, body, scope } of asked) {
    const { status, headers } = await askRoute(whole.url, route, token, body)
    const challenge = headers.get('www-authenticate') ?? ''
    if (status !== 403 || !challenge.includes(`scope="${scope}"`))
      wrong.push(`${route.method} ${route.path} ${JSON.stringify(body)} ${status} ${challenge}`)
  }
  expect(wrong).toEqual([])
})

test('OP06 with a valid token for the agent and nonsense none of its routes and methods fails on our side', async () => {
  const token = `Bearer ${await apiToken(whole, agentTenant, SCOPE_NAMES, { audience: 'a2a' })}`
  const wrong: string[] = []
  for (const nonsense of [{ nonsense: 'x' }, [], 'text', { id: null, message: null }]) {
    const bodies = AGENT_METHODS.map(([method]) => rpcBody(method, nonsense))
    const asked = [
      ...agentRoutes().map(route => [route, nonsense] as const),
      ...bodies.map(body => [{ method: 'POST', path: '/a2a' }, body] as const),
    ]
    for (const [route, body] of asked) {
      const { status, text } = await askRoute(whole.url, route, token, body)
      if (status >= 500 || /"code":-32603/.test(text))
        wrong.push(`${route.method} ${route.path} ${JSON.stringify(body)}: ${status} ${text.slice(0, 200)}`)
    }
  }
  expect(wrong).toEqual([])
})

test('AU22 an operation of the deployment does not exist for a tenant, whatever its token allows', async () => {
  const unknown = await askApi(whole.url, 'no_such_operation', strong, {})
  expect(unknown.status).toBe(404)
  for (const { name } of operationsOf('deployment'))
    expect([name, await askApi(whole.url, name, strong, {}).then(({ text }) => text)]).toEqual([
      name,
      unknown.text,
    ])
})

test('OP06 with a valid credential and nonsense no route fails on our side', async () => {
  const wrong: string[] = []
  for (const { name } of operationsOf('tenant')) {
    for (const input of [{ nonsense: 'x' }, [], 'text', { id: null }]) {
      const { status, text } = await askApi(whole.url, name, strong, input)
      if (status >= 500 || status < 400)
        wrong.push(`${name} ${JSON.stringify(input)}: ${status} ${text.slice(0, 200)}`)
    }
  }
  expect(wrong).toEqual([])
})

describe('the lists', () => {
  test('AU23 every listed route is there, and every open one has its reason', () => {
    const known = new Set(whole.routes().map(({ method, path }) => `${method} ${path}`))
    for (const { method, path } of [...OPEN_ROUTES, ...SESSION_ROUTES])
      expect(known).toContain(`${method} ${path}`)
    for (const { because } of OPEN_ROUTES) expect(because).toMatch(/^[A-Z].{20,}\.$/)
  })

  test('AU23 a stranger changes nothing by an open route: without its proof each is refused', async () => {
    for (const route of OPEN_ROUTES.filter(({ method }) => method === 'POST')) {
      const { status } = await askRoute(whole.url, route)
      expect([route.path, status]).toEqual([route.path, route.path.startsWith('/app/') ? 403 : 400])
    }
  })

  test('AU23 what the router has below /api is what the description lists, and what the catalog has', async () => {
    const { body } = await askRoute(whole.url, { method: 'GET', path: '/api/openapi.json' })
    const described = Object.keys(body['paths'] as object).toSorted()
    const routed = whole
      .routes()
      .filter(({ method, path }) => method === 'POST' && /^\/api\/\w+$/.test(path) && path !== '/api/session')
      .map(({ path }) => path)
    expect(routed.toSorted()).toEqual(described)
    expect(described).toEqual(whole.gatehouse.catalog.map(({ name }) => `/api/${name}`).toSorted())
  })

  test('AU23 no answer has a field that looks like a credential, but of those that are there to hand one out', async () => {
    const { body } = await askRoute(whole.url, { method: 'GET', path: '/api/openapi.json' })
    const handing: string[] = []
    const open: string[] = []
    for (const [path, { post }] of Object.entries(body['paths'] as Record<string, { post: object }>)) {
      eachObject(post, schema => {
        if (schema.properties !== undefined && schema.additionalProperties !== false) open.push(path)
      })
      eachObject((post as { responses: object }).responses, ({ properties = {} }) => {
        if (Object.keys(properties).some(name => CREDENTIAL.test(name)))
          handing.push(path.slice('/api/'.length))
      })
    }
    expect([...new Set(handing)].toSorted()).toEqual(Object.keys(credentialAnswers).toSorted())
    // What is not declared is neither taken nor sent.
    expect(open).toEqual([])
  })
})

const CREDENTIAL = /^(access_|refresh_)?token$|^(api_|operator_)?key$|secret|password|^link$|private/i

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, unknown>>
  readonly additionalProperties?: unknown
}

function eachObject(schema: unknown, see: (schema: ObjectSchema) => void): void {
  if (typeof schema !== 'object' || schema === null) return
  if (Array.isArray(schema)) return schema.forEach(inner => eachObject(inner, see))
  see(schema)
  for (const inner of Object.values(schema)) eachObject(inner, see)
}
