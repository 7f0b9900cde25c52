// What tasks come to where something goes on beside them: steps that do not hear that it is over, users who change, money
// that comes at the wrong moment, messages that come too late.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { Task, TaskEvent } from '../../src/features/agents/tasks/task-shape.ts'
import { sweepTasks } from '../../src/features/agents/upkeep/task-upkeep.ts'
import { defineWorkflow, type StepWork, type Workflow } from '../../src/features/agents/workflows/workflow.ts'
import { orderBudgetRaised } from '../../src/gate/money/budget-raised.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { fault } from '../../src/platform/faults.ts'
import { openTestGatehouse, type TestGatehouse, type TestUser } from '../harness/gatehouse.ts'
import { refusalOf } from '../harness/refusal.ts'

const seen: Record<string, unknown> = {}
/** What happens in the middle of a step. */
let meanwhile: () => Promise<unknown> = async () => undefined

function oneStep(name: string, fn: (work: StepWork) => Promise<unknown>): Workflow {
  return defineWorkflow({
    name,
    title: name,
    description: name,
    tags: [],
    examples: [],
    input: z.strictObject({ question: z.string() }),
    steps: [
      { name: 'first', title: 'First', after: [], replay: 'safe' },
      { name: 'second', title: 'Second', after: [], replay: 'safe' },
    ],
    async run(_input, work) {
      await work.step('first', fn)
      return {}
    },
  })
}

const WORKFLOWS: Workflow[] = [
  oneStep('late', async ({ writeText }) => {
    await pause(1_500)
    writeText({ id: 'answer', name: 'answer' }, 'words that come too late')
    await pause(400)
  }),
  oneStep('slow', () => pause(700)),
  oneStep('nul', async () => {
    seen['nul'] = Number(seen['nul'] ?? 0) + 1
    throw fault('conflict', { reason: 'odd', say: 'It says \u0000 and \ud800.', facts: { what: '\u0000' } })
  }),
  oneStep('poor', async () => {
    seen['poor'] = Number(seen['poor'] ?? 0) + 1
    if (seen['poor'] !== 1) return
    await meanwhile()
    throw fault('budget_exceeded', { say: 'There is no room.', facts: { action: 'block' } })
  }),
  oneStep('away', async () => {
    throw fault('unavailable', { reason: 'bad_answer', say: 'The model is away.' })
  }),
  {
    ...oneStep('fork', async () => undefined),
    async run(_input, work) {
      const failing = work.step('second', async () => {
        await pause(50)
        throw fault('conflict', { reason: 'no', say: 'It cannot be done.' })
      })
      const going = work.step('first', async ({ report }) => {
        await pause(500)
        report('done', 'It is done')
      })
      await Promise.all([failing, going])
      return {}
    },
  },
  {
    ...oneStep('scopes', async () => undefined),
    async run(_input, work) {
      await work.step('first', async ({ call }) => {
        seen['before'] = call.principal.scopes
        await meanwhile()
      })
      await work.step('second', async ({ call }) => void (seen['after'] = call.principal.scopes))
      return {}
    },
  },
  {
    ...oneStep('asks', async () => undefined),
    async run(_input, work) {
      await work.ask('who', 'Who?')
      return {}
    },
  },
]

let gatehouse: TestGatehouse
let ada: TestUser
let owner: TestUser
beforeAll(async () => {
  gatehouse = await openTestGatehouse({}, undefined, WORKFLOWS)
  const tenantId = await gatehouse.createTenant('ends')
  ada = { tenantId, subject: 'ada' }
  owner = { tenantId, subject: 'owner' }
  await gatehouse.run(owner, 'create_user', { id: 'owner', name: 'Owner', role: 'owner' })
})
afterAll(() => gatehouse.close())
beforeEach(() => {
  meanwhile = async () => undefined
})

const start = async (workflow: string, more: object = {}, user = ada) =>
  (await gatehouse.run<{ task: Task }>(user, 'start_task', { workflow, question: 'x', ...more })).task.task_id
const get = async (task_id: string, user = ada) =>
  (await gatehouse.run<{ task: Task }>(user, 'get_task', { task_id })).task
async function until(task_id: string, state: string, user = ada): Promise<Task> {
  for (let turn = 0; turn < 400; turn++) {
    const task = await get(task_id, user)
    if (task.status.state === state) return task
    await pause(25)
  }
  throw new Error(`it is ${JSON.stringify((await get(task_id, user)).status)}, not ${state}`)
}
async function eventsOf(task_id: string): Promise<readonly TaskEvent[]> {
  const { events } = await gatehouse.run<{ events: TaskEvent[] }>(ada, 'follow_task', { task_id, after: 0 })
  return events
}

test.each([
  ['a step that does not hear that its time is over', 'late', { time_limit_seconds: 1 }, 1_500],
  ['a step beside one that failed', 'fork', {}, 900],
])('the end is the last event: %s writes nothing after it', async (_what, workflow, more, ms) => {
  const task_id = await start(workflow, more)
  const { last_sequence } = await until(task_id, 'failed')
  await pause(ms)
  const events = await eventsOf(task_id)
  expect(events.at(-1)).toMatchObject({ kind: 'state', state: 'failed' })
  expect((await get(task_id)).last_sequence).toBe(last_sequence)
  expect((await get(task_id)).artifacts).toEqual([])
})

test('a message that no step has taken is not lost in silence: the task says how many there were', async () => {
  const task_id = await start('slow')
  await until(task_id, 'working')
  const message = { message_id: 'late', task_id, parts: [{ text: 'and this' }] }
  await gatehouse.run(ada, 'send_message', { message })
  expect((await until(task_id, 'completed')).status).toMatchObject({
    reason: 'unread_messages',
    facts: { unread_messages: 1 },
  })
})

test('an end that cannot be written down in its own words is an end all the same, and the step is not done again', async () => {
  const { status } = await until(await start('nul'), 'failed')
  expect([status.reason, seen['nul']]).toEqual(['odd', 1])
  expect(status.say).toMatch(/^It says /)
})

test('a step has the scopes that its user has when it begins, not those of the beginning of the run', async () => {
  await gatehouse.run(owner, 'create_user', { id: 'eve', name: 'Eve', role: 'admin' })
  meanwhile = async () => {
    await gatehouse.run(owner, 'update_user', { id: 'eve', role: 'reader' })
    await pause(2_000)
  }
  const eve = { ...ada, subject: 'eve' }
  await until(await start('scopes', {}, eve), 'completed', eve)
  expect(seen['before']).toContain('documents:read_all')
  expect(seen['after']).not.toContain('documents:read_all')
})

test('room that is made in the moment before a task begins to wait for it is found', async () => {
  meanwhile = async () => {
    const scope = { tenantId: ada.tenantId, subject: 'gatehouse:test' }
    await gatehouse.gatehouse.opened.database.writeAs(scope, tx => orderBudgetRaised(tx, ada.tenantId))
    await pause(1_000)
  }
  await until(await start('poor'), 'completed')
  expect(seen['poor']).toBe(2)
})

test('a task that is put off says so to who looks as to who follows', async () => {
  const task_id = await start('away', { time_limit_seconds: 20 })
  await expect.poll(async () => (await get(task_id)).status.reason).toBe('bad_answer')
  const last = (await eventsOf(task_id)).findLast(({ kind }) => kind === 'state')
  const { status } = await get(task_id)
  expect(status.say).toMatch(/^The model is away\. Trying again in \d+ s\.$/)
  expect(last).toMatchObject({ say: status.say, at: status.at })
})

test('of a removed user nothing is left for whoever gets the id', async () => {
  const bob = { ...ada, subject: 'bob' }
  await gatehouse.run(owner, 'create_user', { id: 'bob', name: 'Bob', role: 'member' })
  const task_id = await start('asks', {}, bob)
  await until(task_id, 'input_required', bob)
  await gatehouse.run(owner, 'remove_user', { id: 'bob' })
  await gatehouse.run(owner, 'create_user', { id: 'bob', name: 'Another Bob', role: 'member' })
  await expect
    .poll(() => gatehouse.run(bob, 'list_tasks', {}).catch(() => undefined))
    .toMatchObject({ tasks: [], total_size: 0 })
  expect(await refusalOf(get(task_id, bob))).toMatchObject({ reason: 'unknown_task' })
})

test('a task takes messages of a size, and can always be looked at and cancelled', async () => {
  const task_id = await start('asks')
  await until(task_id, 'input_required')
  const parts = Array.from({ length: 6 }, () => ({ text: 'x'.repeat(199_000) }))
  const message = { message_id: 'much', task_id, parts }
  expect(await refusalOf(gatehouse.run(ada, 'send_message', { message }))).toMatchObject({
    reason: 'task_full',
  })
  await gatehouse.run(ada, 'cancel_task', { task_id })
  expect((await get(task_id)).status.state).toBe('canceled')
})

test('what ended a month ago is forgotten, and who waited for three months is told that nobody came', async () => {
  const { database, owner: schemaOwner } = gatehouse.gatehouse.opened
  if (schemaOwner === undefined) throw new Error('this test needs the owner')
  const [old, waiting] = [await start('slow'), await start('asks')]
  await until(old, 'completed')
  await until(waiting, 'input_required')
  await schemaOwner.transaction(async tx => {
    await tx.exec(
      'alter table app.task disable trigger keep_ended; alter table app.task no force row level security',
    )
    await tx.run(sql`update app.task set finished_at = now() - interval '31 days' where id = ${old}`)
    await tx.run(sql`update app.task set status_at = now() - interval '91 days' where id = ${waiting}`)
    await tx.exec(
      'alter table app.task enable trigger keep_ended; alter table app.task force row level security',
    )
  })
  await sweepTasks({ owner: schemaOwner })
  expect(await refusalOf(get(old))).toMatchObject({ reason: 'unknown_task' })
  expect((await get(waiting)).status).toMatchObject({ state: 'failed', reason: 'abandoned' })
  const scope = { tenantId: ada.tenantId, subject: 'gatehouse:test' }
  const left = await database.readAs(scope, tx =>
    tx.all(sql`select from app.journal_stream where id = ${old}`),
  )
  expect(left).toEqual([])
})
