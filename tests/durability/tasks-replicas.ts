// Two replicas serve the same tasks: a message sent fifty times at once is one task, and a task goes on when the token it
// came with has run out.
import { setTimeout as pause } from 'node:timers/promises'
import type { Task } from '../../src/features/agents/tasks/task-shape.ts'
import { outcomeOf, type KnownTask } from '../harness/task-books.ts'
import { eventually, type Fleet, type FleetProcess } from '../harness/task-fleet.ts'
import { allEnd, taskName } from '../harness/task-play.ts'
import { countsOf, problemsOf, type ProofLine } from './tasks-thresholds.ts'

const SENDS = 50

/** Each serves all and works besides; there are no other processes. */
export async function twoReplicas(fleet: Fleet): Promise<readonly [FleetProcess, FleetProcess]> {
  await fleet.clear()
  return Promise.all([fleet.start({ GATEHOUSE_ROLE: 'all' }), fleet.start({ GATEHOUSE_ROLE: 'all' })])
}

/** A token for /api, or for what agents speak to. */
export async function tokenOf(
  { front }: Fleet,
  tenant: string,
  audience: 'api' | 'a2a',
  ttl_seconds = 3_600,
): Promise<string> {
  const scopes = ['tasks:read', 'tasks:write']
  return String(
    (await front.operate('create_token', { tenant, user: 'ada', scopes, audience, ttl_seconds }))['token'],
  )
}

export async function sentAtOnce(fleet: Fleet, tenantId: string, seed: number): Promise<ProofLine> {
  const { effects, ground } = fleet
  const replicas = await twoReplicas(fleet)
  const token = await tokenOf(fleet, tenantId, 'api', 3)
  const name = taskName('send')
  effects.holdAt(name, 'in 2')
  const message = { message_id: name, parts: [{ text: name }] }
  const answers = await Promise.all(
    Array.from({ length: SENDS }, (_, at) =>
      postApi({ url: replicas[at % 2 === 0 ? 0 : 1].url, token }, 'send_message', {
        message,
        workflow: 'durable',
      }),
    ),
  )
  const tasks = answers.map(({ body }) => (body['task'] as Task | undefined)?.task_id)
  const [id = ''] = tasks
  const other = await postApi({ url: replicas[1].url, token }, 'send_message', {
    message: { ...message, parts: [{ text: 'something else' }] },
    workflow: 'durable',
  })
  const task: KnownTask = { id, name }
  await eventually('the task is where it should be', () => effects.held().has(name))
  await eventually('the token has run out', async () => {
    await pause(200)
    return (await postApi({ url: replicas[0].url, token }, 'get_task', { task_id: id })).status === 401
  })
  effects.release()
  await allEnd(fleet, [task])
  const outcome = await outcomeOf(ground.asAdmin, effects, [task], { state: 'completed', isWhole: true })
  const counts = countsOf(outcome)
  const [rows] = await ground.asAdmin('select count(*)::int as n from app.task where input ->> $1 = $2', [
    'question',
    name,
  ])
  return {
    fault: `${SENDS} sends at once`,
    seed,
    ...counts,
    duplicated: counts.duplicated + new Set(tasks).size - 1 + Number(rows?.['n']) - 1,
    lost: counts.lost + (answers.every(({ status }) => status === 200) ? 0 : 1),
    is_new: answers.filter(({ body }) => body['is_new'] === true).length,
    other_content: other.status,
    problems: problemsOf(outcome),
  }
}

/** Where to ask, and as whom. */
export interface ApiAt {
  readonly url: string
  readonly token: string
  readonly signal?: AbortSignal
}

export async function postApi(
  { url, token, signal }: ApiAt,
  operation: string,
  input: unknown,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const response = await fetch(`${url}/api/${operation}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(input),
    ...(signal === undefined ? {} : { signal }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
