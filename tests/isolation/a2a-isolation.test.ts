// Whose a task is, over every wire to the agent (JSON-RPC 1.0 and 0.3, HTTP+JSON, the article's interface), against the
// whole Gatehouse: what is not the caller's answers byte for byte like what does not exist, streams end with their token,
// and nobody takes more of them than its share. On the server alone: the operations have tests of their own on each engine.
import { connect } from 'node:net'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { z } from 'zod'
import { mountAgent } from '../../src/doors.ts'
import { defineWorkflow } from '../../src/features/agents/workflows/workflow.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { hostPolicy } from '../../src/protocols/http/door/allowed-hosts.ts'
import { listenOnPort } from '../../src/protocols/http/listen.ts'
import { httpServer } from '../../src/protocols/http/server.ts'
import { tckWorkflows } from '../conformance/tck-workflows.ts'
import { eventsOf, saying, take } from '../harness/a2a-wire.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { requestText } from '../harness/raw-http.ts'
import { said, wiresTo } from './a2a-ways.ts'

const PIECES = 40
const PIECE = 190_000
/** Far more than the buffers of two sockets take. */
const flood = defineWorkflow({
  name: 'flood',
  title: 'Flood',
  description: 'Shows much, and a page that would run a script.',
  tags: [],
  examples: [],
  input: z.strictObject({ question: z.string() }),
  steps: [{ name: 'show', title: 'Show', after: [], replay: 'safe' }],
  run: async (_input, { step }) => {
    await step('show', async ({ artifact }) => {
      const page = { text: '<svg onload="alert(1)">', media_type: 'image/svg+xml', filename: 'x.svg' }
      artifact({ id: 'page', name: 'page', parts: [page] })
      for (let n = 0; n < PIECES; n++)
        artifact({ id: `piece-${n}`, name: 'piece', parts: [{ text: 'x'.repeat(PIECE) }] })
      return {}
    })
    return {}
  },
})
const HOLD = 'test-resubscribe-message-id'
const PER_USER = 12

type User = 'ada' | 'bob' | 'aliceA' | 'aliceB'

describe.runIf(inject('engine') === 'postgres')('over A2A', () => {
  let whole: TestGatehouse
  const tenants = { a: '', b: '' }
  const tokens: Record<User, string> = { ada: '', bob: '', aliceA: '', aliceB: '' }

  beforeAll(async () => {
    whole = await openTestGatehouse(
      {
        GATEHOUSE_RATE_PER_SECOND: '100000',
        GATEHOUSE_RATE_BURST: '100000',
        GATEHOUSE_CONCURRENT_PER_TENANT: String(2 * PER_USER),
      },
      undefined,
      [...tckWorkflows({ holdMs: 120_000 }), flood],
    )
    tenants.a = await whole.createTenant('tasks-a')
    tenants.b = await whole.createTenant('tasks-b')
    tokens.ada = await token('a', 'ada')
    tokens.bob = await token('a', 'bob')
    tokens.aliceA = await token('a', 'alice')
    tokens.aliceB = await token('b', 'alice')
  })
  afterAll(() => whole.close())

  async function made(tenant: 'a' | 'b', user: string, more: object = {}) {
    const scopes = ['tasks:read', 'tasks:write']
    const about = { tenant: tenants[tenant], user, scopes, audience: 'a2a', ...more }
    return (await whole.gatehouse.operate('create_token', about)) as { token: string; token_id: string }
  }
  const token = async (tenant: 'a' | 'b', user: string) => (await made(tenant, user)).token

  const { open, ask, rpc, ways, streams } = wiresTo(() => whole.url, tokens, 'ada')
  const message = (skill: string, more: object = {}) => ({ ...saying('hi'), metadata: { skill }, ...more })

  interface Made {
    readonly id: string
    readonly contextId: string
  }
  const begin = async (skill: string, as?: User, more?: object): Promise<Made> => {
    const params = { message: message(skill, more), configuration: { returnImmediately: true } }
    const { text } = await rpc('SendMessage', params, { as })
    const { result } = JSON.parse(text) as { result?: { task: Made } }
    if (result === undefined) throw new Error(text)
    return result.task
  }
  let flooded: string | undefined
  /** One that has shown all of it: for every test that looks at it. */
  const floodedTask = async (): Promise<string> => {
    const id = flooded ?? (await begin('flood')).id
    flooded = id
    await vi.waitUntil(async () => (await rpc('GetTask', { id })).text.includes('COMPLETED'), 20_000)
    return id
  }
  const listed = async (as: User) => {
    const { text } = await rpc('ListTasks', { pageSize: 100 }, { as })
    return (JSON.parse(text) as { result: { tasks: Made[]; totalSize: number } }).result
  }

  test('AA01 AA12 a task of others is answered by every operation on every wire as one that is nobody’s, byte for byte', async () => {
    const { id } = await begin(HOLD)
    for (const as of ['bob', 'aliceB'] as const) {
      const nobodys = randomUUID()
      const [foreign, none] = [ways(id, { as }), ways(nobodys, { as })]
      for (const [way, answer] of Object.entries(foreign)) {
        const told = await answer()
        expect(told.status, way).not.toBe(201)
        expect([way, ...said(told, id)]).toEqual([way, ...said(await none[way]!(), nobodys)])
        expect(told.text, way).toMatch(/TASK_NOT_FOUND|unknown_task|not_found|PUSH_NOTIFICATION|NOT_FOUND/)
      }
    }
    const { text } = await rpc('GetTask', { id })
    const { result } = JSON.parse(text) as { result: { status: { state: string }; history: unknown[] } }
    expect([result.status.state, result.history.length]).toEqual(['TASK_STATE_WORKING', 1])
    await rpc('CancelTask', { id })
  })

  test('AA03 AU20 a user of the same name in another tenant is somebody else, whatever tenant a request names', async () => {
    const messageId = `alice-${randomUUID()}`
    const [here, there] = [
      await begin('tck-complete-task', 'aliceA', { messageId }),
      await begin('tck-complete-task', 'aliceB', { messageId }),
    ]
    expect(here.id).not.toBe(there.id)
    expect((await listed('aliceA')).tasks.map(({ id }) => id)).toEqual([here.id])
    expect((await listed('aliceB')).tasks.map(({ id }) => id)).toEqual([there.id])
    const as = 'aliceB'
    const headers = { 'x-tenant-id': tenants.a, 'mcp-param-tenant': tenants.a }
    const forged = async (id: string) =>
      Promise.all([
        rpc('GetTask', { id, tenant: tenants.a }, { as }),
        rpc('GetTask', { id, _meta: { tenant: tenants.a } }, { as, headers }),
        rpc('tasks/get', { id, metadata: { tenant: tenants.a } }, { as, headers }),
        ask(`GET /a2a/rest/${tenants.a}/tasks/${id}`, undefined, { as }),
        ask(`GET /a2a/rest/tasks/${id}?tenant=${tenants.a}`, undefined, { as }),
        ask(`GET /tasks/${id}?tenant=${tenants.a}`, undefined, { as, headers }),
      ])
    const nobodys = randomUUID()
    expect((await forged(here.id)).map(answer => said(answer, here.id))).toEqual(
      (await forged(nobodys)).map(answer => said(answer, nobodys)),
    )
    const refused = await Promise.all([
      rpc('ListTasks', { tenant: tenants.a }, { as }),
      rpc('SendMessage', { tenant: tenants.a, message: message('tck-complete-task') }, { as }),
      rpc('GetExtendedAgentCard', { tenant: tenants.a }, { as }),
      ask(`GET /a2a/rest/${tenants.a}/tasks`, undefined, { as }),
      ask(`GET /tasks?tenant=${tenants.a}`, undefined, { as }),
      ask('POST /tasks', { query: 'hi', tenant: tenants.a }, { as }),
    ])
    for (const { text } of refused) {
      expect(text).toMatch(/-32602|"code":400|invalid_input/)
      expect(text).not.toContain(here.id)
    }
    expect((await listed('aliceB')).totalSize).toBe(1)
  })

  test('AA04 contexts and referenced tasks of others are as none, and a context that is not the task’s is refused', async () => {
    const mine = await begin('tck-input-required')
    const theirs = await begin('tck-input-required', 'aliceB')
    const before = (await listed('aliceB')).totalSize
    const send = async (more: object, as: User) => {
      const { text } = await rpc('SendMessage', { message: message('tck-complete-task', more) }, { as })
      return text.replace(/"requestId":"[^"]+"/, '')
    }
    const [foreign, none] = [
      await send({ contextId: mine.contextId }, 'aliceB'),
      await send({ contextId: randomUUID() }, 'aliceB'),
    ]
    expect(foreign).toContain('UNKNOWN_CONTEXT')
    expect(foreign).toBe(none)
    const mixed = { ...saying('x'), taskId: theirs.id }
    for (const contextId of [mine.contextId, randomUUID()]) {
      const { text } = await rpc('SendMessage', { message: { ...mixed, contextId } }, { as: 'aliceB' })
      expect(text).toContain('UNKNOWN_CONTEXT')
    }
    expect(await send({ referenceTaskIds: [mine.id] }, 'aliceB')).toContain('TASK_NOT_FOUND')
    expect((await listed('aliceB')).totalSize).toBe(before)
    const { text } = await rpc('GetTask', { id: theirs.id }, { as: 'aliceB' })
    expect((JSON.parse(text) as { result: { status: { state: string } } }).result.status.state).toBe(
      'TASK_STATE_INPUT_REQUIRED',
    )
  })

  test('AA11 the number of somebody’s event opens no stream of his, and one that never was gets a marked snapshot', async () => {
    const { id } = await begin('tck-input-required')
    const nobodys = randomUUID()
    for (const after of ['1', '2', '999999']) {
      const headers = { 'last-event-id': after }
      const streams = (task: string, as: User) => [
        () => rpc('SubscribeToTask', { id: task }, { as, headers }),
        () => rpc('tasks/resubscribe', { id: task }, { as, headers }),
        () => ask(`GET /a2a/rest/tasks/${task}:subscribe`, undefined, { as, headers }),
        () => ask(`GET /tasks/${task}/events`, undefined, { as, headers }),
      ]
      for (const as of ['bob', 'aliceB'] as const) {
        const none = streams(nobodys, as)
        for (const [n, foreign] of streams(id, as).entries())
          expect(said(await foreign(), id)).toEqual(said(await none[n]!(), nobodys))
      }
    }
    const controller = new AbortController()
    const forged = await open(`GET /a2a/rest/tasks/${id}:subscribe`, undefined, {
      headers: { 'last-event-id': '999999' },
      signal: controller.signal,
    })
    const [first] = await take(eventsOf(forged), 1)
    controller.abort()
    expect(first?.data.task).toMatchObject({ id, status: { state: 'TASK_STATE_INPUT_REQUIRED' } })
    expect(JSON.stringify(first?.data.task?.metadata)).toContain('"gap":true')
  })

  test('AA12 what a task made comes inside JSON and nowhere else: no route serves an artifact as a page', async () => {
    expect(whole.routes().filter(({ path }) => /artifact/i.test(path))).toEqual([])
    const id = await floodedTask()
    for (const answer of [await rpc('GetTask', { id }), await ask(`GET /a2a/rest/tasks/${id}`)]) {
      expect(answer.text).toContain('<svg onload')
      expect(answer.headers.get('content-type')).toMatch(/^application\/(a2a\+)?json/)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
  })

  test('AA15 no page is larger than its bound, and a token of a page is of one user and one list', async () => {
    for (let n = 0; n < 2; n++) await begin('tck-complete-task', 'bob')
    const { text } = await rpc('ListTasks', { pageSize: 1 }, { as: 'bob' })
    const { nextPageToken } = (JSON.parse(text) as { result: { nextPageToken: string } }).result
    expect(nextPageToken).not.toBe('')
    const wrong: [Record<string, unknown>, string, User][] = [
      [{ pageSize: 1e9 }, 'limit=1000000000', 'bob'],
      [{ pageSize: 1, pageToken: `${nextPageToken}x` }, `cursor=${nextPageToken}x`, 'bob'],
      [{ pageSize: 1, pageToken: nextPageToken }, `cursor=${nextPageToken}`, 'ada'],
      [{ pageSize: 1, pageToken: nextPageToken }, `cursor=${nextPageToken}`, 'aliceB'],
      [
        { pageSize: 1, pageToken: nextPageToken, status: 'TASK_STATE_FAILED' },
        `cursor=${nextPageToken}&state=failed`,
        'bob',
      ],
      [{ historyLength: -1 }, 'offset=-1', 'bob'],
    ]
    for (const [params, facade, as] of wrong) {
      const query = Object.entries(params).map(([name, value]) => `${name}=${String(value)}`)
      expect((await rpc('ListTasks', params, { as })).text).toContain('-32602')
      expect((await ask(`GET /a2a/rest/tasks?${query.join('&')}`, undefined, { as })).status).toBe(400)
      expect((await ask(`GET /tasks?${facade}`, undefined, { as })).status).toBe(400)
    }
  })

  test('AU17 when a token runs out or is revoked, its streams end by themselves and say auth_expired on every wire', async () => {
    const { id } = await begin(HOLD)
    const short = await made('a', 'ada', { ttl_seconds: 1 })
    const revoked = await made('a', 'ada')
    const opened = await Promise.all(
      [short, revoked].flatMap(({ token }) =>
        Object.entries(streams(id, { token })).map(async ([wire, begun]) => {
          const response = await begun()
          expect([wire, response.status]).toEqual([wire, 200])
          return { wire, text: response.text() }
        }),
      ),
    )
    const controller = new AbortController()
    const lasting = await open(`GET /tasks/${id}/events`, undefined, { signal: controller.signal })
    await whole.gatehouse.operate('revoke_token', { token_id: revoked.token_id })
    for (const { wire, text } of opened) {
      const last = (await text).trimEnd().split('\n\n').at(-1)
      expect([wire, last]).toEqual([wire, expect.stringMatching(/auth_expired/i)])
    }
    // Who has another token hears on, and the task goes on.
    expect((await take(eventsOf(lasting), 1)).length).toBe(1)
    controller.abort()
    expect((await rpc('GetTask', { id })).text).toContain('TASK_STATE_WORKING')
    await rpc('CancelTask', { id })
  })

  test('DS06 a user’s open streams are as many as half of its tenant’s places, over all wires together', async () => {
    const { id } = await begin(HOLD)
    const controller = new AbortController()
    const asking = { signal: controller.signal }
    for (let n = 0; n < PER_USER; n += 4)
      for (const begun of Object.values(streams(id, asking))) expect((await begun()).status).toBe(200)
    for (const [wire, begun] of Object.entries(streams(id, {}))) {
      const refused = await begun()
      expect([wire, refused.status, refused.headers.get('retry-after')]).toEqual([wire, 429, '1'])
      expect(await refused.text()).toMatch(/too_many_running/i)
    }
    expect((await rpc('ListTasks', {}, { as: 'bob' })).status).toBe(200)
    controller.abort()
    await vi.waitUntil(async () => (await rpc('CancelTask', { id })).status === 200, 10_000)
  })

  test('DS05 who opens a stream and does not read it is dropped, while another reads all of it', async () => {
    const door = httpServer({
      log: createLogger('silent'),
      isHttps: false,
      hosts: hostPolicy({ publicUrl: 'http://127.0.0.1:8080', isLocal: true, allowedHosts: [] }),
      slowReaderMs: 300,
    })
    const config = loadConfig({ GATEHOUSE_PUBLIC_URL: 'http://127.0.0.1:8080' })
    mountAgent(door, whole.gatehouse, { config, log: createLogger('silent') })
    const port = await listenOnPort(door.app, { host: '127.0.0.1', port: 0 })
    const id = await floodedTask()
    const authorization = `Authorization: Bearer ${tokens.ada}`
    const line = `GET /tasks/${id}/events`
    const slow = connect(port, '127.0.0.1', () => slow.write(requestText(line, [authorization, ''])))
    let read = 0
    slow.on('data', bytes => (read += bytes.length)).on('error', () => undefined)
    slow.pause()
    const dropped = new Promise(resolve => slow.once('close', resolve))
    try {
      const other = await fetch(`http://127.0.0.1:${port}/tasks/${id}/events`, {
        headers: { authorization: `Bearer ${tokens.ada}` },
      })
      expect((await other.text()).length).toBeGreaterThan(PIECES * PIECE)
      await sleep(2_000)
      slow.resume()
      await dropped
      expect(read).toBeLessThan(PIECES * PIECE)
    } finally {
      slow.destroy()
      await door.stop(0)
    }
  })
})
