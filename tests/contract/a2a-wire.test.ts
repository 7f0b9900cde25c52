// A2A 1.0 over JSON-RPC and HTTP+JSON as a stranger sees it: its methods, its envelope and its versions. Over
// tasks in memory; what becomes of tasks is told elsewhere.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startA2aServer, TENANT_A, type A2aServer } from '../harness/a2a-server.ts'
import { postRpc, rest, rpc, saying, type WireBody } from '../harness/a2a-wire.ts'

let server: A2aServer
beforeAll(async () => {
  server = await startA2aServer()
})
afterAll(() => server.stop(0))

const now = { returnImmediately: true }

/** Begins a task and answers its id. */
async function begin(token = 'ada'): Promise<string> {
  const { body } = await rpc(
    server.url,
    'SendMessage',
    { message: saying('hi'), configuration: now },
    { token },
  )
  return String(body.result?.task?.id)
}

describe('what both bindings answer', () => {
  test('a message becomes a task with its texts, its skill and its label, and GetTask answers the same', async () => {
    const message = saying('What is due?', { metadata: { skill: 'digest', label: 'matter 7' } })
    const sent = await rpc(server.url, 'SendMessage', { message, configuration: now })
    expect(sent.status).toBe(200)
    const { task } = sent.body.result ?? {}
    expect(task).toMatchObject({
      status: { state: 'TASK_STATE_SUBMITTED' },
      history: [{ messageId: message.messageId, role: 'ROLE_USER', parts: [{ text: 'What is due?' }] }],
      metadata: { skill: 'digest' },
    })
    expect(server.sent.at(-1)).toMatchObject({ workflow: 'digest', label: 'matter 7' })
    const got = await rpc(server.url, 'GetTask', { id: task?.id })
    expect(got.body.result).toEqual(task)
    const bare = await rest(server.url, `GET /tasks/${String(task?.id)}`)
    expect(bare.headers.get('content-type')).toContain('application/a2a+json')
    expect(bare.body).toEqual(task)
  })

  test('over HTTP+JSON a message is taken in both media types, at both URLs, and by the names of the .proto', async () => {
    const message = {
      message_id: 'proto-1',
      role: 1,
      parts: [{ text: 'hi', media_type: 'text/plain' }],
      unknown: 1,
    }
    for (const path of ['/message:send', `/${TENANT_A}/message:send`]) {
      for (const type of ['application/json', 'application/a2a+json']) {
        const sent = await rest(
          server.url,
          `POST ${path}`,
          { message, configuration: { return_immediately: true }, further: {} },
          { headers: { 'content-type': type } },
        )
        expect(sent.body.task?.status.state).toBe('TASK_STATE_SUBMITTED')
      }
    }
  })

  test('a blocking message answers when its task has ended, however long that takes, with what it made', async () => {
    const answer = rpc(server.url, 'SendMessage', {
      message: saying('slow'),
      configuration: { historyLength: 0 },
    })
    await expect.poll(server.waiting).toBeGreaterThan(0)
    const { body } = await rpc(server.url, 'ListTasks', { pageSize: 1 })
    const id = String(body.result?.tasks?.[0]?.id)
    server.tell(id, { kind: 'state', state: 'working' })
    const parts = [{ text: 'Done.' }]
    server.tell(id, { kind: 'artifact', artifact_id: 'a', name: 'Answer', parts, append: false, last: true })
    server.tell(id, { kind: 'state', state: 'completed', say: 'All done.' })
    const { task } = (await answer).body.result ?? {}
    expect(task).toMatchObject({
      id,
      status: {
        state: 'TASK_STATE_COMPLETED',
        message: { role: 'ROLE_AGENT', parts: [{ text: 'All done.' }] },
      },
      artifacts: [{ artifactId: 'a', parts: [{ text: 'Done.' }] }],
    })
    expect(task?.history).toBeUndefined()
  })

  test('a caller who leaves while it waits ends nothing: the task goes on', async () => {
    const leaving = new AbortController()
    const message = saying('leave')
    const waited = rpc(server.url, 'SendMessage', { message }, { signal: leaving.signal })
    await expect.poll(server.waiting).toBe(1)
    leaving.abort()
    await expect(waited).rejects.toThrow('aborted')
    await expect.poll(server.waiting).toBe(0)
    const { body } = await rpc(server.url, 'ListTasks', { pageSize: 1 })
    expect(body.result?.tasks?.[0]?.status.state).toBe('TASK_STATE_SUBMITTED')
  })

  test('a list has its token, size and total, and artifacts only where they are asked for', async () => {
    await begin('bob')
    const short = await rpc(server.url, 'ListTasks', {}, { token: 'bob' })
    expect(short.body.result).toMatchObject({ nextPageToken: '', pageSize: 50, totalSize: 1 })
    expect(Object.keys(short.body.result?.tasks?.[0] ?? {})).not.toContain('artifacts')
    const long = await rest(
      server.url,
      'GET /tasks?includeArtifacts=true&pageSize=5&status=TASK_STATE_SUBMITTED',
      undefined,
      {
        token: 'bob',
      },
    )
    expect(long.body).toMatchObject({ pageSize: 5, tasks: [{ artifacts: [] }] })
  })

  test('a task that was canceled is answered again as it is', async () => {
    const id = await begin()
    for (const cancel of [
      () => rpc(server.url, 'CancelTask', { id }).then(({ body }) => body.result),
      () => rest(server.url, `POST /tasks/${id}:cancel`).then(({ body }) => body),
    ]) {
      expect((await cancel())?.status?.state).toBe('TASK_STATE_CANCELED')
    }
  })

  test('AA13 the extended card is for those with a token, and is the same over both bindings', async () => {
    const { body } = await rpc(server.url, 'GetExtendedAgentCard', undefined)
    expect(body.result?.supportedInterfaces?.every(({ tenant }) => tenant === TENANT_A)).toBe(true)
    expect((await rest(server.url, 'GET /extendedAgentCard')).body).toEqual(body.result)
    expect((await rest(server.url, 'GET /extendedAgentCard', undefined, { token: '' })).status).toBe(401)
  })
})

describe('the envelope', () => {
  const params = () => ({ message: saying('hi'), configuration: now })
  test.each<[string, unknown, number, number]>([
    ['what is no JSON', '{"jsonrpc":', -32700, 400],
    ['an empty batch', [], -32600, 400],
    ['a batch', [{ jsonrpc: '2.0', id: 1, method: 'GetTask', params: {} }], -32600, 400],
    ['no request', '"GetTask"', -32600, 400],
    ['no version', { id: 1, method: 'GetTask', params: {} }, -32600, 400],
    ['no id', { jsonrpc: '2.0', method: 'SendMessage', params: params() }, -32600, 400],
    [
      'an id that is half a number',
      { jsonrpc: '2.0', id: 1.5, method: 'SendMessage', params: params() },
      -32600,
      400,
    ],
    ['a key that is there twice', '{"jsonrpc":"2.0","id":1,"id":2}', -32600, 400],
    ['an unknown method', { jsonrpc: '2.0', id: 1, method: 'constructor', params: {} }, -32601, 200],
    ['a method of 0.3', { jsonrpc: '2.0', id: 1, method: 'message/send', params: {} }, -32601, 200],
    [
      'parameters that are no object',
      { jsonrpc: '2.0', id: 1, method: 'GetTask', params: ['x'] },
      -32602,
      200,
    ],
    ['no parameters', { jsonrpc: '2.0', id: 1, method: 'GetTask' }, -32602, 200],
  ])('%s is refused and nothing is begun', async (_what, body, code, status) => {
    const before = server.sent.length
    const response = await postRpc(server.url, body)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { code } })
    expect(server.sent).toHaveLength(before)
  })

  test.each([
    ['header 1.0', { 'a2a-version': '1.0' }, '', 200],
    ['header with a patch', { 'a2a-version': '1.0.1' }, '', 200],
    ['parameter', { 'a2a-version': '' }, '?A2A-Version=1.0', 200],
    ['a version there is not', { 'a2a-version': '2.0' }, '', -32009],
    ['nonsense', { 'a2a-version': '1.0,0.3' }, '', -32009],
    ['none, which is 0.3', { 'a2a-version': '' }, '', -32601],
  ])('the version: %s', async (_what, headers, query, expected) => {
    const id = await begin()
    const response = await fetch(`${server.url}/a2a${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer ada', ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 'x', method: 'GetTask', params: { id } }),
    })
    const body = (await response.json()) as WireBody
    expect(body.error?.code ?? response.status).toBe(expected)
  })
})
