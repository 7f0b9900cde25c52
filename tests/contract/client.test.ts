// The client that other programs use, against a whole Gatehouse: what it answers, and that a network that breaks again and
// again loses and doubles nothing.
import * as client from 'gatehouse-server/client'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineWorkflow } from '../../src/features/agents/workflows/workflow.ts'
import { openCuttingProxy, type CuttingProxy } from '../harness/cutting-proxy.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

/** Two hundred words, a few at a time, so that it is followed while it is written. */
const story = defineWorkflow({
  name: 'story',
  title: 'Story',
  description: 'Tells a story.',
  tags: [],
  examples: [],
  input: z.strictObject({ question: z.string() }),
  steps: [
    { name: 'think', title: 'Think', after: [], replay: 'safe' },
    { name: 'write', title: 'Write', after: ['think'], replay: 'safe' },
  ],
  async run({ question }, work) {
    await work.step('think', async ({ report }) => report('thinking_complete', 'Thought', { words: 200 }))
    return work.step('write', async ({ writeText, signal }) => {
      for (let word = 1; word <= 200; word++) {
        writeText({ id: 'answer', name: 'answer' }, `${question}-${word} `)
        if (word % 20 === 0) await pause(120, undefined, { signal })
      }
      return {}
    })
  },
})

const chat = defineWorkflow({
  name: 'chat',
  title: 'Chat',
  description: 'Asks back.',
  tags: [],
  examples: [],
  input: z.strictObject({ question: z.string() }),
  steps: [{ name: 'greet', title: 'Greet', after: [], replay: 'safe' }],
  async run(_input, work) {
    const [part] = await work.ask('greet', 'Who are you?')
    return { name: part?.text ?? '' }
  },
})

const STORY = (name: string): string => Array.from({ length: 200 }, (_, at) => `${name}-${at + 1} `).join('')
const SCOPES = ['documents:read', 'documents:write', 'tasks:read', 'tasks:write']

describe('the client', () => {
  let gatehouse: TestGatehouse
  let proxy: CuttingProxy
  let tenantId: string
  const tokenFor = async (audience: string, user = 'ada'): Promise<string> => {
    const asked = { tenant: tenantId, user, scopes: SCOPES, audience }
    return String((await gatehouse.gatehouse.operate('create_token', asked))['token'])
  }
  beforeAll(async () => {
    const fast = { GATEHOUSE_RATE_PER_SECOND: '100000', GATEHOUSE_RATE_BURST: '100000' }
    gatehouse = await openTestGatehouse(fast, undefined, [story, chat])
    tenantId = await gatehouse.createTenant('client')
    proxy = await openCuttingProxy(gatehouse.url, {
      isCut: request => /SendStreamingMessage|SubscribeToTask|\/events/.test(request),
      // Most often the head of the answer and some events; a piece that ends within the head brings nobody on.
      passes: () => 1_200 + Math.floor(Math.random() ** 3 * 3_000),
    })
  })
  afterAll(async () => {
    await proxy.close()
    await gatehouse.close()
  })

  const a2a = async (url = gatehouse.url, user?: string) =>
    client.a2aClient({
      url,
      token: await tokenFor('a2a', user),
      patience: { firstPauseMs: 1, forMs: 20_000 },
    })

  /** The journal as the server has it. */
  const eventsOf = async (task_id: string): Promise<client.TaskEvent[]> => {
    const input = { task_id, after: 0 }
    const ada = { tenantId, subject: 'ada' }
    return (await gatehouse.run<{ events: client.TaskEvent[] }>(ada, 'follow_task', input)).events
  }
  /** What A2A has no place for. */
  const onWire = (events: readonly client.TaskEvent[]) =>
    events.map(event => (event.kind === 'artifact' ? { ...event, at: '', parts: typed(event.parts) } : event))
  const typed = (parts: readonly { text?: string | undefined; media_type?: string | undefined }[]) =>
    parts.map(part => ({ media_type: part.text === undefined ? 'application/json' : 'text/plain', ...part }))

  test('what is followed through a network that breaks is the journal: no gap, nothing twice', async () => {
    const through = await a2a(proxy.url)
    const runs = await Promise.all(
      ['one', 'two', 'three', 'four'].map(async name => {
        const seen: client.TaskUpdate[] = []
        for await (const update of through.stream(name, { skill: 'story' })) seen.push(update)
        return { name, seen }
      }),
    )
    expect(proxy.cuts()).toBeGreaterThan(8)
    for (const { name, seen } of runs) {
      const [first, ...events] = seen
      if (first?.kind !== 'snapshot') throw new Error('a stream begins with the task')
      const all = await eventsOf(first.task.task_id)
      expect(events).toEqual(onWire(all.slice(first.sequence)))
      const view = (events as client.TaskEvent[]).reduce(client.foldTask, client.viewOf(first.task))
      expect(view.state).toBe('completed')
      expect(client.artifactText(view, 'answer')).toBe(STORY(name))
    }
  })

  test('a task that has ended is replayed from any event on, cut as often as it may be', async () => {
    const through = await a2a(proxy.url)
    const { task_id: id } = await (await a2a()).send('told', { skill: 'story' })
    const all = await eventsOf(id)
    for (const after of [0, 1, 4, all.length - 1, all.length]) {
      const seen: client.TaskUpdate[] = []
      for await (const update of through.subscribe(id, { after })) seen.push(update)
      expect(seen).toEqual(onWire(all.slice(after)))
    }
    const told: string[] = []
    for await (const { status, timestamp } of through.streamTaskEvents(id))
      told.push(`${timestamp} ${status}`)
    expect(told).toHaveLength(all.length)
    expect(new Set(told.slice(0, -1).map(line => line.split(' ')[1]))).toEqual(
      new Set(['pending', 'running']),
    )
    expect(told.at(-1)).toContain('completed')
  })

  test('a stream ends where the task asks for something, and the answer lets it go on', async () => {
    const through = await a2a(proxy.url)
    const seen: client.TaskUpdate[] = []
    for await (const update of through.stream('hi', { skill: 'chat' })) seen.push(update)
    const last = seen.at(-1)
    // Cut before its first event and sent again, it finds the task waiting already.
    const status = last?.kind === 'snapshot' ? last.task.status : last
    expect(status).toMatchObject({ state: 'input_required', say: 'Who are you?' })
    const [first] = seen
    const taskId = first?.kind === 'snapshot' ? first.task.task_id : ''
    const answered = await through.send('Ada', { taskId })
    expect(answered.status.state).toBe('completed')
    // What was waited for is long over: it ends no replay.
    const again: client.TaskUpdate[] = []
    for await (const update of through.subscribe(taskId, { after: 0 })) again.push(update)
    expect(again).toEqual(onWire(await eventsOf(taskId)))
  })

  test('send, get, list and cancel show a task as it is; a message sent twice is one task', async () => {
    const ada = await a2a(undefined, 'grace')
    const message = { skill: 'story', messageId: crypto.randomUUID(), blocking: false }
    const [one, other] = await Promise.all([ada.send('x', message), ada.send('x', message)])
    expect(other.task_id).toBe(one.task_id)
    expect(await ada.cancel(one.task_id)).toMatchObject({ status: { state: 'canceled', reason: 'canceled' } })
    expect(await ada.get(one.task_id)).toMatchObject({ task_id: one.task_id, workflow: 'story' })
    expect(await ada.list({ state: 'canceled', pageSize: 1 })).toMatchObject({
      tasks: [{ task_id: one.task_id }],
      nextPageToken: '',
    })
    expect((await ada.card())['name']).toBe('Gatehouse')
  })

  test.for<[string, (ada: client.A2aClient) => Promise<unknown>, string, string]>([
    ['another id', ada => ada.get(crypto.randomUUID()), 'not_found', 'unknown_task'],
    ['another skill', ada => ada.send('x', { skill: 'nope' }), 'invalid_input', 'unknown_workflow'],
    ['a page token of nobody', ada => ada.list({ pageToken: 'x' }), 'invalid_input', 'bad_page_token'],
  ])('%s is refused with code and reason', async ([, ask, code, reason]) => {
    await expect(ask(await a2a())).rejects.toMatchObject({ name: 'GatehouseError', code, reason })
  })

  test('a token that is refused ends a stream as auth_expired; a function is asked for another', async () => {
    const asked: (string | undefined)[] = []
    const good = await tokenFor('a2a')
    const withFunction = client.a2aClient({
      url: gatehouse.url,
      token: refused => {
        asked.push(refused)
        return refused === undefined ? 'stale' : good
      },
    })
    expect((await withFunction.list()).tasks.length).toBeGreaterThan(0)
    expect(asked.filter(refused => refused === 'stale')).not.toHaveLength(0)
    const stale = client.a2aClient({ url: gatehouse.url, token: 'stale' })
    await expect(stale.subscribe(crypto.randomUUID()).next()).rejects.toMatchObject({
      code: 'unauthenticated',
      reason: 'auth_expired',
    })
  })

  test('a signal ends a stream without an error', async () => {
    const ada = await a2a()
    const left = new AbortController()
    const seen: client.TaskUpdate[] = []
    for await (const update of ada.stream('left', { skill: 'story', signal: left.signal })) {
      seen.push(update)
      left.abort()
    }
    expect(seen).toHaveLength(1)
  })

  test('the tools: typed answers, refusals with their reason', async () => {
    const mcp = client.mcpClient({ url: gatehouse.url, token: await tokenFor('mcp') })
    await mcp.call('add_document', { title: 'Ochre', content: 'Ochre is a pigment of iron oxide.' })
    const { hits } = await mcp.search('ochre', { limit: 3 })
    expect(hits).toMatchObject([{ title: 'Ochre', tenant_id: tenantId }])
    expect((await mcp.tools()).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['hybrid_search', 'start_task', 'get_task', 'cancel_task']),
    )
    const { task } = await mcp.call<{ task: client.Task }>('start_task', { workflow: 'story', question: 'q' })
    expect(await mcp.call('get_task', { task_id: task.task_id })).toMatchObject({
      task: { workflow: 'story' },
    })
    expect(await mcp.call('cancel_task', { task_id: task.task_id })).toMatchObject({
      task: { status: { state: 'canceled' } },
    })
    const refused = mcp.call('get_task', { task_id: crypto.randomUUID() })
    await expect(refused).rejects.toMatchObject({ code: 'not_found', reason: 'unknown_task' })
    await expect(mcp.search('x', { limit: 99 })).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

test('a token does not travel in the open', () => {
  expect(() => client.a2aClient({ url: 'http://gatehouse.example', token: 't' })).toThrow('must be https')
  expect(() => client.mcpClient({ url: 'ftp://gatehouse.example', token: 't' })).toThrow('no http(s) URL')
})
