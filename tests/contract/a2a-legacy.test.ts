// A2A 0.3 on the same URL, with the real client of that time (SDK 0.3.14), and the client of today (SDK 1.3.0) on the
// same task: both see one task, in the words of their version. Over tasks in memory.
import {
  ClientFactory as ClientToday,
  JsonRpcTransportFactory,
  RestTransportFactory,
} from '@a2a-js/sdk/client'
import { AgentCard } from '@a2a-js/sdk'
import { JsonRpcTransport as LegacyTransport } from 'a2a-sdk-v0/client'
import type { MessageSendParams } from 'a2a-sdk-v0'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startA2aServer, type A2aServer, type NewEvent } from '../harness/a2a-server.ts'
import { postRpc, saying, type WireBody } from '../harness/a2a-wire.ts'

let server: A2aServer
beforeAll(async () => {
  server = await startA2aServer()
})
afterAll(() => server.stop(0))

const fetchAs =
  (token: string): typeof fetch =>
  (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('authorization', `Bearer ${token}`)
    return fetch(input, { ...init, headers })
  }

const legacyClient = (token = 'ada') =>
  new LegacyTransport({ endpoint: `${server.url}/a2a`, fetchImpl: fetchAs(token) })

let count = 0
const legacyParams = (text: string, more: object = {}, configuration: object = {}): MessageSendParams => ({
  message: {
    kind: 'message',
    role: 'user',
    messageId: `l-${++count}`,
    parts: [{ kind: 'text', text }],
    ...more,
  },
  configuration,
})

async function clientToday(binding: 'JSONRPC' | 'HTTP+JSON') {
  const url = binding === 'JSONRPC' ? `${server.url}/a2a` : `${server.url}/a2a/rest`
  const card = AgentCard.fromJSON({
    name: 'x',
    description: 'x',
    version: '1',
    capabilities: { streaming: true },
    supportedInterfaces: [{ url, protocolBinding: binding, protocolVersion: '1.0' }],
    skills: [],
  })
  const fetchImpl = fetchAs('ada')
  const transports = [new JsonRpcTransportFactory({ fetchImpl }), new RestTransportFactory({ fetchImpl })]
  return new ClientToday({ transports }).createFromAgentCard(card)
}

const RUN: NewEvent[] = [
  { kind: 'state', state: 'working' },
  { kind: 'progress', event: 'search_complete', step: 'search', say: 'Found 3' },
  { kind: 'artifact', artifact_id: 'a', name: 'Answer', parts: [{ text: 'So.' }], append: false, last: true },
  { kind: 'state', state: 'completed', say: 'Done.' },
]

test('clients of 0.3 and of 1.0, over each binding, hear the same of one task', async () => {
  const legacy = legacyClient()
  const stream = legacy.sendMessageStream(legacyParams('hi'))
  const first = (await stream.next()).value
  if (first?.kind !== 'task') throw new Error('a stream begins with its task')
  const readers = await Promise.all(
    (['JSONRPC', 'HTTP+JSON'] as const).map(async binding =>
      (await clientToday(binding)).resubscribeTask({ tenant: '', id: first.id }),
    ),
  )
  for (const reader of readers) expect((await reader.next()).value?.payload?.$case).toBe('task')
  server.tell(first.id, ...RUN)
  const heard = await Array.fromAsync(stream)
  expect(heard.map(event => [event.kind, 'final' in event && event.final])).toEqual([
    ['status-update', false],
    ['status-update', false],
    ['artifact-update', false],
    ['status-update', true],
  ])
  const states = heard.map(event => (event.kind === 'status-update' ? event.status.state : event.kind))
  expect(states).toEqual(['working', 'working', 'artifact-update', 'completed'])
  for (const reader of readers) {
    const cases = (await Array.fromAsync(reader)).map(({ payload }) => payload?.$case)
    expect(cases).toEqual(['statusUpdate', 'statusUpdate', 'artifactUpdate', 'statusUpdate'])
  }
  const old = await legacy.getTask({ id: first.id })
  const today = await (await clientToday('HTTP+JSON')).getTask({ tenant: '', id: first.id })
  expect(old).toMatchObject({ kind: 'task', status: { state: 'completed' }, contextId: today.contextId })
  expect(old.artifacts?.[0]?.parts).toMatchObject([{ kind: 'text', text: 'So.' }])
})

test('a client of 0.3 waits where it does not say otherwise, goes on with a task, and cancels', async () => {
  const legacy = legacyClient()
  const asked = await legacy.sendMessage(legacyParams('hi', {}, { blocking: false }))
  if (asked.kind !== 'task') throw new Error('a message becomes a task')
  expect(asked.status.state).toBe('submitted')
  const waits: NewEvent[] = [
    { kind: 'state', state: 'working' },
    { kind: 'state', state: 'input_required', say: 'Which?' },
  ]
  const stream = legacy.resubscribeTask({ id: asked.id })
  await stream.next()
  server.tell(asked.id, ...waits)
  // 0.3 knows by this flag that nothing follows.
  expect((await Array.fromAsync(stream)).at(-1)).toMatchObject({
    status: { state: 'input-required' },
    final: true,
  })
  const answer = legacy.sendMessage(legacyParams('this', { taskId: asked.id }))
  await expect.poll(server.waiting).toBe(1)
  const canceled = await legacy.cancelTask({ id: asked.id })
  expect([canceled.status.state, await answer]).toMatchObject(['canceled', { status: { state: 'canceled' } }])
})

test('a client of 0.3 resumes by the number it heard last', async () => {
  const asked = await legacyClient().sendMessage(legacyParams('hi', {}, { blocking: false }))
  server.tell((asked as { id: string }).id, ...RUN)
  const params = { id: (asked as { id: string }).id }
  const response = await postRpc(
    server.url,
    { jsonrpc: '2.0', id: 1, method: 'tasks/resubscribe', params },
    { headers: { 'a2a-version': '0.3', 'last-event-id': '3' } },
  )
  expect((await response.text()).match(/^id: \d+$/gm)).toEqual(['id: 3', 'id: 4', 'id: 5'])
})

test('0.3 has its methods alone, and refuses in the same codes', async () => {
  const ask = async (method: string, params: unknown, token = 'ada') => {
    const response = await postRpc(
      server.url,
      { jsonrpc: '2.0', id: 5, method, params },
      { token, headers: { 'a2a-version': '0.3' } },
    )
    const { error } = (await response.json()) as WireBody
    return [response.status, error?.code]
  }
  const file = { kind: 'file', file: { uri: 'http://169.254.169.254/' } }
  const broken = { kind: 'file' }
  const { message } = legacyParams('hi')
  const id = '018f3e2a-0000-7000-8000-0000000000ff'
  expect(await ask('SendMessage', { message: saying('x') })).toEqual([200, -32601])
  expect(await ask('tasks/list', {})).toEqual([200, -32601])
  expect(await ask('tasks/get', { id })).toEqual([200, -32001])
  expect(await ask('tasks/get', { id: 5 })).toEqual([200, -32602])
  expect(await ask('tasks/resubscribe', { id })).toEqual([200, -32001])
  expect(await ask('message/send', { message: { ...message, parts: [file] } })).toEqual([200, -32005])
  for (const parts of [[broken], [], [{ kind: 'text', text: {} }], 'x', [null]])
    expect(await ask('message/stream', { message: { ...message, parts } })).toEqual([200, -32602])
  expect(await ask('message/send', undefined)).toEqual([200, -32602])
  expect(await ask('tasks/pushNotificationConfig/set', { taskId: id })).toEqual([200, -32003])
  expect(await ask('tasks/get', { id }, 'expired')).toEqual([401, 401])
  expect(await ask('tasks/get', { id }, 'powerless')).toEqual([403, 403])
  expect(await ask('agent/getAuthenticatedExtendedCard', undefined)).toEqual([200, undefined])
})
