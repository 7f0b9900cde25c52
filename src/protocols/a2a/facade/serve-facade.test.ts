// The article's interface over a listening server, with operations that keep their tasks in memory: the wire alone. What
// the real operations promise is in tests/contract.
import { beforeAll, expect, test } from 'vitest'
import { agentCards } from '../card/agent-cards.ts'
import { hostPolicy } from '../../http/door/allowed-hosts.ts'
import { listenOnPort } from '../../http/listen.ts'
import { httpServer, type HttpServer } from '../../http/server.ts'
import { createLogger } from '../../../platform/telemetry/logger.ts'
import {
  memoryTasks,
  principalOf,
  UNKNOWN,
  type MemoryTasks,
} from '../../../../tests/harness/memory-tasks.ts'
import { serveFacade } from './serve-facade.ts'

const METADATA = 'http://127.0.0.1/.well-known/oauth-protected-resource/a2a'
let server: HttpServer
let url: string
let tasks: MemoryTasks

beforeAll(async () => {
  const log = createLogger('silent')
  server = httpServer({
    log,
    isHttps: false,
    hosts: hostPolicy({ publicUrl: 'http://127.0.0.1', isLocal: true, allowedHosts: [] }),
  })
  tasks = memoryTasks()
  const cards = agentCards({
    publicUrl: 'http://127.0.0.1',
    version: '1.2.3',
    workflows: [{ name: 'rag', title: 'Answer', description: 'Answers.', tags: ['a'], examples: ['b'] }],
    extensions: [],
    limits: { maxBodyBytes: 1, maxTextCharacters: 1 },
    sign: async card => card,
  })
  serveFacade(server.app, {
    ...tasks,
    card: cards.card,
    challenge: { metadataUrl: METADATA, scopes: ['tasks:read', 'tasks:write'] },
    authenticate: principalOf,
    limitPrincipal: async () => ({ allowed: true, decisions: [] }),
    limitRequest: async () => ({ allowed: true, decisions: [] }),
    log,
  })
  url = `http://127.0.0.1:${await listenOnPort(server.app, { host: '127.0.0.1', port: 0 })}`
})

// The last test stops the server.

async function ask(
  method: string,
  path: string,
  more: { body?: unknown; headers?: Record<string, string> } = {},
) {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: 'Bearer ada',
      ...(more.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...more.headers,
    },
    ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return {
    status: response.status,
    headers: response.headers,
    text: text.replaceAll(/("(?:request|trace)_id":")[^"]*/g, '$1…'),
    body: (isJson ? JSON.parse(text) : {}) as Record<string, unknown>,
  }
}

const updatesIn = (text: string) =>
  [...text.matchAll(/^id: (\d+)\nevent: task_update\ndata: (.*)$/gm)].map(([, id, data]) => ({
    id: Number(id),
    ...(JSON.parse(String(data)) as Record<string, unknown>),
  }))

const ROUTES = [
  ['POST', '/tasks'],
  ['GET', '/tasks'],
  ['GET', `/tasks/${UNKNOWN}`],
  ['DELETE', `/tasks/${UNKNOWN}`],
  ['POST', `/tasks/${UNKNOWN}/cancel`],
  ['GET', `/tasks/${UNKNOWN}/events`],
] as const

test('D2 nobody sees, starts or cancels a task without a token for the agent, and learns where to get one', async () => {
  for (const [method, path] of ROUTES) {
    const { status, headers } = await ask(method, path, { headers: { authorization: 'Bearer nobody' } })
    expect([method, path, status]).toEqual([method, path, 401])
    expect(headers.get('www-authenticate')).toContain(`resource_metadata="${METADATA}"`)
    expect(headers.get('access-control-allow-origin')).toBeNull()
  }
})

test('a token without the scope is 403 on every route, and the challenge names that scope alone', async () => {
  for (const [method, path] of ROUTES) {
    const { status, headers } = await ask(method, path, { headers: { authorization: 'Bearer powerless' } })
    expect([method, path, status]).toEqual([method, path, 403])
    const scope = method === 'GET' ? 'tasks:read' : 'tasks:write'
    expect(headers.get('www-authenticate')).toContain(`scope="${scope}"`)
  }
})

test("a new task is 201 with both names of its id; who asks is the token's user, whatever user_id says", async () => {
  const body = { agent_id: 'rag', user_id: 'mallory', input: { question: 'Who?' }, label: 'm-1' }
  const {
    status,
    headers,
    body: task,
  } = await ask('POST', '/tasks', { body, headers: { 'idempotency-key': 'k-1' } })
  expect(status).toBe(201)
  expect(task).toMatchObject({ status: 'pending', state: 'submitted', workflow: 'rag', agent_id: 'rag' })
  expect(task['id']).toBe(task['task_id'])
  expect(headers.get('location')).toBe(`/tasks/${String(task['id'])}`)
  expect(tasks.started.at(-1)).toEqual({
    subject: 'ada',
    input: { workflow: 'rag', input: { question: 'Who?' }, label: 'm-1', idempotency_key: 'k-1' },
  })
})

test('the question is taken under each of the names that clients have for it', async () => {
  for (const body of [
    { question: 'Who?' },
    { query: 'Who?' },
    { input: 'Who?' },
    { agent_id: 'gatehouse', query: 'Who?' },
  ]) {
    expect((await ask('POST', '/tasks', { body })).status).toBe(201)
    expect(tasks.started.at(-1)?.input).toEqual({ question: 'Who?' })
  }
  const { status, body } = await ask('POST', '/tasks', { body: { question: 'Who?', capability: 'x' } })
  expect([status, body['detail']]).toEqual([400, expect.stringContaining('unknown argument "capability"')])
})

test('D14 a page has 1 to 100 tasks and begins at no negative number; anything else is a 400 that names the bound', async () => {
  for (const query of [
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=x',
    'limit=1e9',
    'offset=-1',
    'offset=1001',
    'limit=1&limit=2',
  ]) {
    const { status, body } = await ask('GET', `/tasks?${query}`)
    expect([query, status, body['code']]).toEqual([query, 400, 'invalid_input'])
  }
  expect((await ask('GET', '/tasks?user_id=mallory')).body['detail']).toContain('unknown parameter "user_id"')
})

test('offset and cursor come to the same tasks, each once', async () => {
  for (let made = 0; made < 5; made++) await ask('POST', '/tasks', { body: { question: 'Who?' } })
  const ids = (body: Record<string, unknown>) => (body['tasks'] as { id: string }[]).map(({ id }) => id)
  const all = (await ask('GET', '/tasks?limit=100')).body
  const [byOffset, byCursor]: [string[], string[]] = [[], []]
  for (let offset = 0; offset < ids(all).length; offset += 2)
    byOffset.push(...ids((await ask('GET', `/tasks?limit=2&offset=${offset}`)).body))
  for (let cursor = ''; ; ) {
    const { body } = await ask('GET', `/tasks?limit=2${cursor}`)
    byCursor.push(...ids(body))
    if (body['next_cursor'] === null) break
    cursor = `&cursor=${body['next_cursor'] as string}`
  }
  expect(byOffset).toEqual(ids(all))
  expect(byCursor).toEqual(ids(all))
  const beyond = await ask('GET', '/tasks?offset=900')
  expect(beyond.body).toMatchObject({ tasks: [], next_cursor: null, total: ids(all).length })
})

test('a task is cancelled by either route and stays cancelled; what is no id reads like what is not there', async () => {
  for (const [method, path] of [
    ['DELETE', ''],
    ['POST', '/cancel'],
  ] as const) {
    const { body: task } = await ask('POST', '/tasks', { body: { question: 'Who?' } })
    const at = `/tasks/${String(task['id'])}`
    expect((await ask(method, at + path)).body).toMatchObject({ status: 'cancelled', state: 'canceled' })
    expect((await ask('GET', at)).body['status']).toBe('cancelled')
  }
  const unknown = await ask('GET', `/tasks/${UNKNOWN}`)
  expect(unknown.status).toBe(404)
  expect((await ask('GET', '/tasks/..%2f..%2fetc')).text).toBe(unknown.text)
})

test('D15 whoever comes late hears everything from the beginning, numbered, and the stream closes with the task', async () => {
  const { body: task } = await ask('POST', '/tasks', { body: { question: 'Who?' } })
  tasks.finish(String(task['id']))
  const { headers, text } = await ask('GET', `/tasks/${String(task['id'])}/events`)
  expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const updates = updatesIn(text)
  expect(updates.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5])
  const said = updates.map(({ status, event, message }: Record<string, unknown>) => [status, event, message])
  expect(said).toEqual([
    ['pending', 'task_submitted', 'The task was accepted'],
    ['running', 'task_working', 'The task is running'],
    ['running', 'search_complete', 'Found 3 documents'],
    ['running', 'artifact', 'Answer'],
    ['completed', 'task_completed', 'The task is completed'],
  ])
})

test('D15 a client that was cut off goes on after the event it names; at the end a browser is told to stop', async () => {
  const { body: task } = await ask('POST', '/tasks', { body: { question: 'Who?' } })
  tasks.finish(String(task['id']))
  const after = (id: string) =>
    ask('GET', `/tasks/${String(task['id'])}/events`, { headers: { 'last-event-id': id } })
  expect(updatesIn((await after('3')).text).map(({ id }) => id)).toEqual([4, 5])
  expect((await after('5')).status).toBe(204)
  const [snapshot, ...others] = updatesIn((await after('77')).text)
  expect(snapshot).toMatchObject({ id: 5, event: 'snapshot', status: 'completed' })
  expect(others).toEqual([])
  expect((await after('1 or 1=1')).status).toBe(400)
})

test('a stream of what is not there is a plain 404, and never a 200 that holds an error', async () => {
  const { status, headers } = await ask('GET', `/tasks/${UNKNOWN}/events`)
  expect(status).toBe(404)
  expect(headers.get('content-type')).toContain('application/problem+json')
})

test('GET /agent says without a token what the public card says', async () => {
  const response = await fetch(`${url}/agent`)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    name: 'Gatehouse',
    version: '1.2.3',
    capabilities: { streaming: true },
    workflows: [{ id: 'rag', name: 'Answer' }],
  })
})

test('a server that stops ends its streams at once, and says nothing of an end of the task', async () => {
  const { body: task } = await ask('POST', '/tasks', { body: { question: 'Who?' } })
  const response = await fetch(`${url}/tasks/${task['id'] as string}/events`, {
    headers: { authorization: 'Bearer ada' },
  })
  const [stopped, text] = await Promise.all([server.stop(3_600_000), response.text()])
  expect(stopped).toBeUndefined()
  expect(updatesIn(text).map(({ id }) => id)).toEqual([1])
  expect(text).not.toContain('stream_ended')
})
