// rag as a task, from the API to its artifacts, with a model on loopback that answers by a script and has a price.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Task, TaskEvent } from '../../src/features/agents/tasks/task-shape.ts'
import { apiToken, askApi } from '../harness/api-client.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { openScriptedModel, type Asked, type Script, type ScriptedModel } from '../harness/scripted-model.ts'

const MODEL = 'openai:writer'
const USAGE = { prompt_tokens: 1_000, completion_tokens: 100 }
const QUESTION = 'Where do boats wait?'
const SCOPES = ['documents:read', 'documents:write', 'tasks:read', 'tasks:write', 'costs:read']

let model: ScriptedModel
let script: (asked: Asked) => Script
let g: TestGatehouse
let token: string
let stranger: string
beforeAll(async () => {
  model = await openScriptedModel(asked => script(asked))
  g = await openTestGatehouse({ OPENAI_BASE_URL: model.url })
  await g.gatehouse.operate('set_price', {
    model: MODEL,
    per_million_nano: { input: '10000000000', output: '20000000000' },
  })
  const tenant = await g.createTenant('harbour')
  token = await apiToken(g, tenant, SCOPES)
  stranger = await apiToken(g, tenant, SCOPES, { user: 'somebody-else' })
  await add('Harbour rules', 'Boats wait outside the harbour. They wait for the pilot.')
  // Six that say the same: they are one voice.
  for (let copy = 1; copy <= 6; copy++)
    await add(`Copy ${copy}`, 'Boats must wait at the red buoy until they are called.')
})
afterAll(async () => {
  await g.close()
  await model.close()
})
beforeEach(() => {
  script = () => ({ says: ['“Boats wait outside ', 'the harbour” [1].'], usage: USAGE })
})

const ask = async (operation: string, input: object): Promise<Record<string, unknown>> => {
  const { body, status, text } = await askApi(g.url, operation, token, input)
  if (status >= 300) throw new Error(text)
  return body
}
const add = (title: string, content: string) => ask('add_document', { title, content })

/** What followers saw of a task, from its beginning to its end. */
async function run(input: object): Promise<{ task: Task; events: TaskEvent[] }> {
  const { task } = (await ask('start_task', { workflow: 'rag', input })) as { task: Task }
  const events: TaskEvent[] = []
  for (let after = 0; ; ) {
    const seen = (await ask('follow_task', { task_id: task.task_id, after, wait_seconds: 10 })) as {
      events: TaskEvent[]
      last_sequence: number
      is_over: boolean
    }
    events.push(...seen.events)
    if (seen.is_over) break
    after = seen.last_sequence
  }
  return { task: (await ask('get_task', { task_id: task.task_id }))['task'] as Task, events }
}
const progress = (events: readonly TaskEvent[]) =>
  events.flatMap(event => (event.kind === 'progress' ? [[event.step, event.event, event.say]] : []))
const artifact = (task: Task, id: string) => task.artifacts?.find(one => one.artifact_id === id)
const dataOf = (task: Task, id: string) => artifact(task, id)?.parts[0]?.data as Record<string, unknown>

describe('rag', () => {
  test('searches, ranks, writes and checks, tells each in the article’s words, and shows passages, answer and citations', async () => {
    const { task, events } = await run({ question: QUESTION, model: MODEL })
    expect(progress(events)).toEqual([
      ['search', 'search_complete', 'Found 7 documents'],
      ['rank', 'ranking_complete', 'Ranked top 2 documents'],
      ['generate', 'generation_complete', 'Generated final answer'],
      ['verify', 'verification_complete', 'Verified sources'],
    ])
    expect(task).toMatchObject({ status: { state: 'completed' }, cost_nano: '12000000' })
    const bill = { requests: 1, units_in: 1_000, units_out: 100, cost_nano: '12000000' }
    expect(await ask('get_task_cost', { task_id: task.task_id })).toMatchObject({
      steps: [{ step: 'answer', model: MODEL, ...bill }],
      total: bill,
      held_nano: '0',
    })
    expect(await askApi(g.url, 'get_task_cost', stranger, { task_id: task.task_id })).toMatchObject({
      status: 404,
      body: { reason: 'unknown_task' },
    })
    expect(artifact(task, 'answer')).toMatchObject({
      parts: [{ text: '“Boats wait outside the harbour” [1].', media_type: 'text/markdown' }],
    })
    expect(dataOf(task, 'citations')).toMatchObject({
      verified: true,
      citations: [{ n: 1, title: 'Harbour rules', verified: true }],
      unsupported: [],
    })
  })

  test('LL06 gives what many documents repeat one place among the passages', async () => {
    const { task } = await run({ question: QUESTION, model: 'extractive' })
    const { passages } = dataOf(task, 'passages') as { passages: { title: string }[] }
    expect(passages.map(({ title }) => title.replace(/\d/, '')).toSorted()).toEqual([
      'Copy ',
      'Harbour rules',
    ])
  })

  test('fails a task whose citations have to hold and do not, and says how many', async () => {
    script = () => ({ says: ['“Boats may enter freely” [1]. See [9].'], usage: USAGE })
    const { task, events } = await run({ question: QUESTION, model: MODEL, require_verified: true })
    expect(progress(events).at(-1)).toEqual(['verify', 'verification_complete', 'Source verification failed'])
    expect(task.status).toMatchObject({
      state: 'failed',
      reason: 'sources_not_verified',
      facts: { cited: 1, not_verified: 1, unsupported: 2 },
    })
    expect(dataOf(task, 'citations')).toMatchObject({
      verified: false,
      citations: [{ n: 1, problem: 'fabricated' }],
      unsupported: [{ problem: 'unknown', text: '[9]' }, { problem: 'fabricated' }],
    })
  })

  test('ends as completed where they do not have to hold, and does not say they do', async () => {
    script = () => ({ says: ['The passages do not say.'], usage: USAGE })
    const { task, events } = await run({ question: QUESTION, model: MODEL })
    expect(task.status.state).toBe('completed')
    expect(progress(events).at(-1)?.[2]).toBe('Source verification failed')
    expect(dataOf(task, 'citations')).toEqual({ verified: false, citations: [], unsupported: [] })
  })
})

describe('LL05 a document that was changed or deleted while the answer was written', () => {
  test('is not what the answer was made of any more: its citation does not hold', async () => {
    const { document_id } = (await add('Ferry', 'The ferry leaves at noon from pier four.')) as {
      document_id: string
    }
    script = () => ({ says: ['It leaves at noon [1].'], usage: USAGE })
    const asked = { question: 'When does the ferry leave?', model: MODEL }
    const before = await ask('ask', asked)
    expect(before).toMatchObject({ verified: true, citations: [{ title: 'Ferry', verified: true }] })
    const deleted = Promise.withResolvers<void>()
    script = () => {
      void ask('delete_document', { document_id }).then(() => deleted.resolve(), deleted.reject)
      return { says: ['It leaves at noon [1].'], waits: deleted.promise, usage: USAGE }
    }
    expect(await ask('ask', asked)).toMatchObject({
      verified: false,
      citations: [{ title: 'Ferry', verified: false, problem: 'moved' }],
    })
  })
})
