import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Task, TaskEvent } from '../../src/features/agents/tasks/task-shape.ts'
import { defineWorkflow } from '../../src/features/agents/workflows/workflow.ts'
import { openTestGatehouse, type TestGatehouse, type TestUser } from '../harness/gatehouse.ts'
import { refusalOf as refusal } from '../harness/refusal.ts'

/** Two steps, each with something to tell and to show. */
const echo = defineWorkflow({
  name: 'echo',
  title: 'Echo',
  description: 'Says it again.',
  tags: [],
  examples: [],
  input: z.strictObject({ question: z.string(), fail: z.boolean().default(false) }),
  steps: [
    { name: 'hear', title: 'Hear', after: [], replay: 'safe' },
    { name: 'say', title: 'Say', after: ['hear'], replay: 'safe' },
  ],
  async run({ question, fail }, work) {
    const heard = await work.step('hear', async ({ report }) => {
      report('hearing_complete', `Heard ${question.length} characters`, { characters: question.length })
      return { heard: question }
    })
    return work.step('say', async ({ writeText, artifact }) => {
      if (fail) throw new TypeError(`select ${question} from nowhere`)
      for (const word of heard.heard.split(' ')) writeText({ id: 'answer', name: 'answer' }, `${word} `)
      artifact({ id: 'count', name: 'count', parts: [{ data: { words: heard.heard.split(' ').length } }] })
      return { said: heard.heard }
    })
  },
})

/** Asks, and works until it is told to go on. */
const chat = defineWorkflow({
  name: 'chat',
  title: 'Chat',
  description: 'Asks back.',
  tags: [],
  examples: [],
  input: z.strictObject({ question: z.string() }),
  steps: [
    { name: 'wait', title: 'Wait', after: [], replay: 'safe' },
    { name: 'end', title: 'End', after: ['wait'], replay: 'safe' },
  ],
  async run({ question }, work) {
    const name = await work.ask('name', 'Who are you?')
    await work.step('wait', async ({ signal }) => {
      await pause(300, undefined, { signal })
      return 1
    })
    const more = await work.messages('more')
    await work.step('end', async () => 1)
    return { question, name, more: more.length }
  },
})

/** Goes on until somebody ends it. */
const forever = defineWorkflow({
  name: 'forever',
  title: 'For ever',
  description: 'Works.',
  tags: [],
  examples: [],
  input: z.strictObject({ question: z.string() }),
  steps: [{ name: 'work', title: 'Work', after: [], replay: 'safe' }],
  async run(_input, work) {
    return work.step('work', async ({ signal }) => {
      await pause(60_000, undefined, { signal })
      return {}
    })
  },
})

let gatehouse: TestGatehouse
let ada: TestUser
beforeAll(async () => {
  gatehouse = await openTestGatehouse({}, undefined, [echo, chat, forever])
  ada = { tenantId: await gatehouse.createTenant('tasks'), subject: 'ada' }
})
afterAll(() => gatehouse.close())

const start = async (workflow: string, question: string, more: object = {}, user: TestUser = ada) =>
  (await gatehouse.run<{ task: Task }>(user, 'start_task', { workflow, question, ...more })).task
const get = async (task_id: string, user: TestUser = ada) =>
  (await gatehouse.run<{ task: Task }>(user, 'get_task', { task_id })).task
const send = (message: object, more: object = {}, user: TestUser = ada) =>
  gatehouse.run<{ task: Task; is_new: boolean }>(user, 'send_message', { message, ...more })
interface Followed {
  readonly events: readonly TaskEvent[]
  readonly last_sequence: number
  readonly is_over: boolean
}
/** Everything that happens to the task until it ends, or until `until` has been seen. */
async function followed(task_id: string, until?: (event: TaskEvent) => boolean): Promise<TaskEvent[]> {
  const seen: TaskEvent[] = []
  for (let after = 0; ; ) {
    const { events, last_sequence, is_over } = await gatehouse.run<Followed>(ada, 'follow_task', {
      task_id,
      after,
      wait_seconds: 5,
    })
    seen.push(...events)
    after = last_sequence
    if (is_over || (until !== undefined && events.some(until))) return seen
  }
}
const isState = (state: string) => (event: TaskEvent) => event.kind === 'state' && event.state === state

describe('a task', () => {
  test('runs its steps in the background, tells what it does in order and without gaps, and keeps what it made', async () => {
    const { task_id, status } = await start('echo', 'one two three')
    expect(status.state).toBe('submitted')
    const events = await followed(task_id)
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, at) => at + 1))
    expect(events.map(event => (event.kind === 'state' ? event.state : event.kind))).toEqual([
      'submitted',
      'working',
      'step',
      'progress',
      'step',
      'artifact',
      'artifact',
      'completed',
    ])
    const task = await get(task_id)
    expect(task).toMatchObject({
      status: { state: 'completed' },
      history: [{ role: 'user', parts: [{ text: 'one two three' }] }],
      artifacts: [
        { artifact_id: 'answer', parts: [{ text: 'one two three ', media_type: 'text/markdown' }] },
        { artifact_id: 'count', parts: [{ data: { words: 3 } }] },
      ],
      last_sequence: events.length,
      cost_nano: '0',
    })
    expect(task.finished_at).toBeDefined()
  })

  test('that breaks says that it failed, and nothing of what broke', async () => {
    const { task_id } = await start('echo', 'secret', { input: { fail: true } })
    const [last] = (await followed(task_id)).slice(-1)
    expect(last).toMatchObject({ kind: 'state', state: 'failed', reason: 'internal' })
    expect(JSON.stringify(await get(task_id))).not.toContain('nowhere')
  })

  test('is cancelled while a step runs, and stays so', async () => {
    const { task_id } = await start('forever', 'work')
    await followed(task_id, event => event.kind === 'step')
    const { task } = await gatehouse.run<{ task: Task }>(ada, 'cancel_task', { task_id })
    expect(task.status).toMatchObject({ state: 'canceled' })
    const again = await gatehouse.run<{ task: Task }>(ada, 'cancel_task', { task_id })
    expect(again.task.status).toEqual(task.status)
    expect((await followed(task_id)).at(-1)).toMatchObject({ state: 'canceled' })
    await expect(
      refusal(send({ message_id: 'late', task_id, parts: [{ text: 'hello?' }] })),
    ).resolves.toMatchObject({ code: 'conflict', reason: 'task_ended' })
  })

  test('asks and waits; the answer wakes it; what is said while it works is taken between two steps', async () => {
    const { task } = await send({ message_id: 'm1', parts: [{ text: 'hello' }] }, { workflow: 'chat' })
    const { task_id, context_id } = task
    await followed(task_id, isState('input_required'))
    const waiting = await get(task_id)
    expect(waiting.status).toMatchObject({ state: 'input_required', say: 'Who are you?' })
    expect(waiting.deadline_at).toBeUndefined()
    await send({ message_id: 'm2', task_id, context_id, parts: [{ text: 'Ada' }] })
    await followed(task_id, event => event.kind === 'step')
    await send({ message_id: 'm3', task_id, parts: [{ text: 'and one more thing' }] })
    const events = await followed(task_id)
    expect(events.at(-1)).toMatchObject({ state: 'completed' })
    expect(events).toContainEqual(expect.objectContaining({ kind: 'message', message_id: 'm3' }))
    expect((await get(task_id)).history?.map(({ role }) => role)).toEqual(['user', 'agent', 'user', 'user'])
  })

  test('takes no longer than its time limit', async () => {
    const { task_id } = await start('forever', 'work', { time_limit_seconds: 1 })
    expect((await followed(task_id)).at(-1)).toMatchObject({ state: 'failed', reason: 'deadline' })
  })
})

describe('the same message sent twice', () => {
  test('AA05: fifty at once are one task; other content is refused; another user is somebody else', async () => {
    const message = { message_id: 'twice', parts: [{ text: 'one' }] }
    const sent = await Promise.all(Array.from({ length: 50 }, () => send(message, { workflow: 'echo' })))
    expect(new Set(sent.map(({ task }) => task.task_id)).size).toBe(1)
    expect(sent.filter(({ is_new }) => is_new)).toHaveLength(1)
    await expect(
      refusal(send({ ...message, parts: [{ text: 'two' }] }, { workflow: 'echo' })),
    ).resolves.toMatchObject({ code: 'conflict', reason: 'message_reused' })
    const eve = await send(message, { workflow: 'echo' }, { ...ada, subject: 'eve' })
    expect(eve.is_new).toBe(true)
  })

  test('by its idempotency key it is one too, whatever its message id', async () => {
    const more = { idempotency_key: 'key-1' }
    const [first, second] = [await start('echo', 'a b', more), await start('echo', 'a b', more)]
    expect(second.task_id).toBe(first.task_id)
    await expect(refusal(start('echo', 'c', more))).resolves.toMatchObject({ reason: 'message_reused' })
  })
})

test('AA01 AA04: the tasks and contexts of others are as none', async () => {
  const task = await start('echo', 'mine')
  const { task_id, context_id } = task
  const eve = { ...ada, subject: 'eve' }
  for (const operation of ['get_task', 'cancel_task', 'follow_task'])
    await expect(refusal(gatehouse.run(eve, operation, { task_id }))).resolves.toMatchObject({
      code: 'not_found',
      reason: 'unknown_task',
    })
  const parts = [{ text: 'x' }]
  const refused = (message: object) => refusal(send({ message_id: 'e1', parts, ...message }, {}, eve))
  await expect(refused({ task_id })).resolves.toMatchObject({ reason: 'unknown_task' })
  expect(await gatehouse.run(eve, 'list_tasks', {})).toMatchObject({ total_size: 1 })
  await expect(
    refusal(send({ message_id: 'e2', parts, context_id }, { workflow: 'echo' }, eve)),
  ).resolves.toMatchObject({ reason: 'unknown_context' })
})

test('the list is paged by the newest status, and a token of another list is refused', async () => {
  const user = { ...ada, subject: 'lister' }
  for (const question of ['a', 'b', 'c', 'd', 'e']) await start('echo', question, {}, user)
  interface Page {
    readonly tasks: Task[]
    readonly next_page_token: string
    readonly total_size: number
  }
  const list = (input: object) => gatehouse.run<Page>(user, 'list_tasks', { page_size: 2, ...input })
  const seen: string[] = []
  for (let page_token: string | undefined; page_token !== ''; ) {
    const page = await list({ state: 'completed', ...(page_token === undefined ? {} : { page_token }) })
    seen.push(...page.tasks.map(({ task_id }) => task_id))
    page_token = page.next_page_token
  }
  expect(new Set(seen).size).toBe(seen.length)
  const { next_page_token } = await list({})
  for (const page_token of [`${next_page_token}x`, 'x.y', next_page_token])
    await expect(refusal(list({ page_token, state: 'failed' }))).resolves.toMatchObject({
      code: 'invalid_input',
      reason: 'bad_page_token',
    })
})
