// Followers that lose their connection at any byte and go on at another replica: what each has in the end is what was
// written, once and in order.
import { setTimeout as pause } from 'node:timers/promises'
import { outcomeOf, type KnownTask } from '../harness/task-books.ts'
import { bodyCutAfter, messagesIn } from '../harness/task-stream.ts'
import type { Fleet } from '../harness/task-fleet.ts'
import { allEnd, chance, taskName } from '../harness/task-play.ts'
import { postApi, tokenOf, twoReplicas } from './tasks-replicas.ts'
import { countsOf, type ProofLine } from './tasks-thresholds.ts'

export interface Following {
  readonly seed: number
  readonly tasks: number
  /** Of each task's text; a piece is written every 150 ms. */
  readonly pieces: number
}

type Wire = 'api' | 'a2a' | 'tasks'
const WIRES: readonly Wire[] = ['api', 'a2a', 'tasks']

/** What one follower has heard, and how often it was cut off. */
interface Heard {
  readonly wire: Wire
  readonly task: KnownTask
  readonly sequences: readonly number[]
  readonly cuts: number
}

/** Each task has a follower of each wire. */
export async function followed(fleet: Fleet, tenantId: string, asked: Following): Promise<ProofLine> {
  const { ground, effects } = fleet
  const random = chance(asked.seed)
  const replicas = await twoReplicas(fleet)
  const tokens = { api: await tokenOf(fleet, tenantId, 'api'), a2a: await tokenOf(fleet, tenantId, 'a2a') }
  const urls = replicas.map(({ url }) => url)
  const tasks = await Promise.all(
    Array.from({ length: asked.tasks }, async (): Promise<KnownTask> => {
      const name = taskName('follow')
      const input = { question: name, pieces: asked.pieces }
      const { task } = await fleet.ask<{ task: { task_id: string } }>({ tenantId }, 'start_task', {
        workflow: 'chatty',
        input,
      })
      return { id: task.task_id, name }
    }),
  )
  const heard = await Promise.all(
    tasks.flatMap(task =>
      WIRES.map(wire => follow({ wire, task, urls, token: tokens[wire === 'api' ? 'api' : 'a2a'], random })),
    ),
  )
  await allEnd(fleet, tasks)
  const outcome = await outcomeOf(ground.asAdmin, effects, tasks, { state: 'completed' })
  const lengths = new Map(
    (
      await ground.asAdmin(
        'select id, last_sequence::int as last from app.journal_stream where id = any($1::uuid[])',
        [tasks.map(({ id }) => id)],
      )
    ).map(({ id, last }) => [String(id), Number(last)]),
  )
  const missing = heard.filter(({ task, sequences }) => new Set(sequences).size !== lengths.get(task.id))
  const again = heard.filter(({ sequences }) => new Set(sequences).size !== sequences.length)
  const disordered = heard.filter(({ sequences }) =>
    sequences.some((one, at) => at > 0 && one <= (sequences[at - 1] ?? 0)),
  )
  const counts = countsOf(outcome)
  return {
    fault: 'disconnects',
    seed: asked.seed,
    ...counts,
    gaps: counts.gaps + missing.length + disordered.length,
    duplicated: counts.duplicated + again.length,
    followers: heard.length,
    disconnects: heard.reduce((sum, { cuts }) => sum + cuts, 0),
    events: heard.reduce((sum, { sequences }) => sum + sequences.length, 0),
    problems: [...missing, ...again, ...disordered].map(
      ({ wire, task, sequences }) => `${wire} ${task.name}: ${sequences.join(' ')}`,
    ),
  }
}

interface Follower {
  readonly wire: Wire
  readonly task: KnownTask
  readonly urls: readonly string[]
  readonly token: string
  readonly random: () => number
}

/** From the beginning to the end, from one replica to the other. */
async function follow(follower: Follower): Promise<Heard> {
  const { wire, task, urls, token, random } = follower
  const sequences: number[] = []
  let cuts = 0
  for (let turn = Math.floor(random() * 2); ; turn++) {
    const url = urls[turn % urls.length] ?? ''
    const after = sequences.at(-1) ?? 0
    const part =
      wire === 'api'
        ? await askOnce({ url, token, task, after, random })
        : await streamOnce({ wire, url, token, task, after, random })
    sequences.push(...part.sequences)
    if (part.isOver) return { wire, task, sequences, cuts }
    if (part.isCut) cuts += 1
    await pause(random() * 40)
  }
}

interface Once {
  readonly url: string
  readonly token: string
  readonly task: KnownTask
  readonly after: number
  readonly random: () => number
}

interface Part {
  readonly sequences: readonly number[]
  readonly isCut: boolean
  readonly isOver: boolean
}

/** The connection is lost before the answer is there, or it is not. */
async function askOnce({ url, token, task, after, random }: Once): Promise<Part> {
  const input = { task_id: task.id, after, wait_seconds: 2 }
  try {
    const signal = AbortSignal.timeout(1 + Math.floor(random() * 300))
    const { status, body } = await postApi({ url, token, signal }, 'follow_task', input)
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
    const events = body['events'] as { sequence: number }[]
    return {
      sequences: events.map(({ sequence }) => sequence),
      isCut: false,
      isOver: body['is_over'] === true,
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return { sequences: [], isCut: true, isOver: false }
    throw error
  }
}

/** What came whole before the connection was cut after some byte. */
async function streamOnce({
  wire,
  url,
  token,
  task,
  after,
  random,
}: Once & { readonly wire: Wire }): Promise<Part> {
  const path = wire === 'a2a' ? `/a2a/rest/tasks/${task.id}:subscribe` : `/tasks/${task.id}/events`
  const headers = {
    authorization: `Bearer ${token}`,
    ...(wire === 'a2a' ? { 'a2a-version': '1.0' } : {}),
    // Who has seen nothing of /a2a says so: a subscription begins with how the task stands.
    ...(after > 0 || wire === 'a2a' ? { 'last-event-id': String(after) } : {}),
  }
  const { status, body, isCut } = await bodyCutAfter(url, {
    path,
    headers,
    bytes: 200 + Math.floor(random() * 3_000),
    ms: 100 + random() * 900,
  })
  // Everything was heard, and the task has ended.
  if (status === 204 || (status !== 200 && after > 0)) return { sequences: [], isCut: false, isOver: true }
  const messages = messagesIn(body)
  const sequences = messages.filter(({ data }) => !('task' in data)).map(({ id }) => id)
  return { sequences, isCut, isOver: !isCut }
}
