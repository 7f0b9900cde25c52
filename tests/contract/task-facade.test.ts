// The article's interface to tasks, over HTTP and on real tasks: whose they are, what is heard of them, how they end.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { z } from 'zod'
import { defineWorkflow } from '../../src/features/agents/workflows/workflow.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

/** Tells what the article's workflow tells; holds on between its steps until it is let go. */
const gate = Promise.withResolvers<void>()
const told = defineWorkflow({
  name: 'told',
  title: 'Told',
  description: 'Tells what it does.',
  tags: [],
  examples: [],
  input: z.strictObject({ question: z.string() }),
  steps: [
    { name: 'search', title: 'Search', after: [], replay: 'safe' },
    { name: 'generate', title: 'Generate', after: ['search'], replay: 'safe' },
  ],
  async run({ question }, work) {
    await work.step('search', async ({ report }) =>
      report('search_complete', 'Found 3 documents', { found: 3 }),
    )
    await gate.promise
    return work.step('generate', async ({ artifact, report }) => {
      artifact({ id: 'answer', name: 'answer', parts: [{ text: `An answer to: ${question}` }] })
      report('generation_complete', 'Generated final answer')
      return {}
    })
  },
})

/** Questions of those that were ended in the middle. */
const interrupted = new Set<string>()
const forever = defineWorkflow({
  name: 'forever',
  title: 'For ever',
  description: 'Works until somebody ends it.',
  tags: [],
  examples: [],
  input: z.strictObject({ question: z.string() }),
  steps: [{ name: 'work', title: 'Work', after: [], replay: 'safe' }],
  run: ({ question }, work) =>
    work.step('work', async ({ signal }) => {
      await pause(60_000, undefined, { signal }).finally(() => interrupted.add(question))
      return {}
    }),
})

interface Asked {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly as?: string
}

// Of what is below, the engine matters to the operations alone, which have tests of their own on both.
describe.runIf(inject('engine') === 'postgres')('the facade', () => {
  let whole: TestGatehouse
  const tokens: Record<string, string> = {}

  beforeAll(async () => {
    whole = await openTestGatehouse({}, undefined, [told, forever])
    await Promise.all(['acme', 'other'].map(slug => whole.createTenant(slug)))
    for (const [name, tenant, user] of [
      ['ada', 'acme', 'ada'],
      ['bob', 'acme', 'bob'],
      ['eve', 'other', 'ada'],
    ] as const) {
      const scopes = ['tasks:read', 'tasks:write']
      const made = await whole.gatehouse.operate('create_token', { tenant, user, scopes, audience: 'a2a' })
      tokens[name] = String(made['token'])
    }
  })
  afterAll(() => whole.close())

  const open = (method: string, path: string, { body, headers, as = 'ada' }: Asked = {}) =>
    fetch(whole.url + path, {
      method,
      headers: {
        authorization: `Bearer ${tokens[as] ?? ''}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const ask = async (method: string, path: string, asked?: Asked) => {
    const response = await open(method, path, asked)
    const text = await response.text()
    const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>
    return { status: response.status, text: text.replaceAll(/("request_id":")[^"]*/g, '$1…'), body }
  }
  const start = async (
    workflow: string,
    { question = 'Who must be told?', ...asked }: Asked & { question?: string } = {},
  ) => {
    const answer = await ask('POST', '/tasks', { ...asked, body: { workflow, question } })
    expect(answer.status).toBe(201)
    return `/tasks/${String(answer.body['id'])}`
  }

  test("D2 D13 a task is its user's alone: a colleague and a stranger read what is said of no task at all", async () => {
    const path = await start('forever')
    const nobodys = '/tasks/018f3e2a-0000-7000-8000-0000000000ff'
    const routes = [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/cancel'],
      ['GET', '/events'],
    ] as const
    for (const as of ['bob', 'eve']) {
      for (const [method, below] of routes) {
        const [theirs, none] = await Promise.all([
          ask(method, path + below, { as }),
          ask(method, nobodys + below, { as }),
        ])
        expect([as, method, below, theirs.status]).toEqual([as, method, below, 404])
        expect(theirs.text).toBe(none.text)
      }
      expect((await ask('GET', '/tasks', { as })).body).toMatchObject({ tasks: [], total: 0 })
    }
    // A user named in the body is not whose task it becomes.
    const { body } = await ask('POST', '/tasks', {
      body: { workflow: 'forever', question: 'Who?', user_id: 'bob' },
    })
    expect((await ask('GET', `/tasks/${String(body['id'])}`, { as: 'bob' })).status).toBe(404)
    expect((await ask('DELETE', `/tasks/${String(body['id'])}`)).body['status']).toBe('cancelled')
    expect((await ask('DELETE', path)).body['status']).toBe('cancelled')
  })

  test('D12 a cancelled task stays cancelled, is cancelled once, and its followers hear it as the last', async () => {
    const path = await start('forever', { question: 'How long?' })
    const events = await open('GET', `${path}/events`)
    await heard(events, 'step_started')
    expect((await ask('DELETE', path)).body).toMatchObject({ status: 'cancelled', state: 'canceled' })
    const { last_event_id: last } = (await ask('GET', path)).body
    expect((await ask('POST', `${path}/cancel`)).body).toMatchObject({
      status: 'cancelled',
      last_event_id: last,
    })
    await vi.waitUntil(() => interrupted.has('How long?'), { timeout: 10_000 })
    // Long enough for what was interrupted to say how it ended, had it still a say.
    await pause(300)
    expect((await ask('GET', path)).body).toMatchObject({ status: 'cancelled', last_event_id: last })
    const updates = updatesIn(await (await open('GET', `${path}/events`)).text())
    expect(updates.at(-1)).toMatchObject({ id: last, status: 'cancelled', event: 'task_cancelled' })
  })

  test('D15 a stream that is cut goes on where it was: no event twice, none missing, and it closes with the task', async () => {
    const path = await start('told')
    const first = await open('GET', `${path}/events`)
    const before = updatesIn(await heard(first, 'search_complete'))
    gate.resolve()
    const last = before.at(-1)?.id ?? 0
    const second = await open('GET', `${path}/events`, { headers: { 'last-event-id': String(last) } })
    const after = updatesIn(await second.text())
    const both = [...before, ...after]
    expect(both.map(({ id }) => id)).toEqual(both.map((_, index) => index + 1))
    // Whoever comes when all is over hears the very same.
    expect(updatesIn(await (await open('GET', `${path}/events`)).text())).toEqual(both)
    expect(both.map(({ event }) => event)).toEqual([
      'task_submitted',
      'task_working',
      'step_started',
      'search_complete',
      'step_started',
      'artifact',
      'generation_complete',
      'task_completed',
    ])
    expect(both.find(({ event }) => event === 'search_complete')).toMatchObject({
      task_id: path.slice('/tasks/'.length),
      status: 'running',
      message: 'Found 3 documents',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    })
    expect((await ask('GET', path)).body).toMatchObject({
      status: 'completed',
      artifacts: [{ name: 'answer', parts: [{ text: 'An answer to: Who must be told?' }] }],
    })
    const { status, body } = await ask('DELETE', path)
    expect([status, body['reason']]).toEqual([409, 'task_ended'])
  })

  test('sent twice with one Idempotency-Key it is one task; with another body it is 409', async () => {
    const headers = { 'idempotency-key': 'order-7' }
    const [one, two] = [await start('told', { headers }), await start('told', { headers })]
    expect(two).toBe(one)
    const other = await ask('POST', '/tasks', {
      headers,
      body: { workflow: 'told', question: 'Something else?' },
    })
    expect([other.status, other.body['code']]).toEqual([409, 'conflict'])
  })

  test('D14 a page never begins before the first task: a negative number is refused, and the server goes on', async () => {
    for (const query of ['limit=-1', 'offset=-1', 'limit=0', 'limit=101']) {
      const { status, body } = await ask('GET', `/tasks?${query}`)
      expect([query, status, body['code']]).toEqual([query, 400, 'invalid_input'])
    }
    const all = (await ask('GET', '/tasks?limit=100')).body
    const ids = (body: Record<string, unknown>) => (body['tasks'] as { id: string }[]).map(({ id }) => id)
    expect(ids(all).length).toBe(all['total'])
    expect(ids((await ask('GET', '/tasks?limit=1&offset=2')).body)).toEqual(ids(all).slice(2, 3))
    const cursor = String((await ask('GET', '/tasks?limit=2')).body['next_cursor'])
    expect(ids((await ask('GET', `/tasks?limit=2&cursor=${cursor}`)).body)).toEqual(ids(all).slice(2, 4))
  })

  test('what is no workflow, no question or no object is refused in words that help', async () => {
    for (const [sent, said] of [
      [{ agent_id: 'research-assistant', question: 'Who?' }, 'unknown_workflow'],
      [{ workflow: 'told' }, 'question'],
      [{ workflow: 'told', question: 'Who?', capability: 'x' }, 'capability'],
      [[], 'object'],
    ] as const) {
      const { status, text } = await ask('POST', '/tasks', { body: sent })
      expect([sent, status]).toEqual([sent, 400])
      expect(text).toContain(said)
    }
  })
})

/** What came until there was such an event; then the connection is cut. */
async function heard(response: Response, event: string): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece as Uint8Array, { stream: true })
    if (new RegExp(`"event":"${event}".*\\n\\n`).test(text)) break
  }
  return text
}

function updatesIn(text: string) {
  return [...text.matchAll(/^id: (\d+)\nevent: task_update\ndata: (.*)\n\n/gm)].map(([, id, data]) => ({
    id: Number(id),
    ...(JSON.parse(String(data)) as { task_id: string; event: string; status: string; message: string }),
  }))
}
