// follow_task: what happens next to a task. Asked again after the last event that was seen it goes on from there,
// whichever process answers; streams of every protocol are this operation, asked again and again. Those who look for the
// same at the same time look together.
import { z } from 'zod'
import type { ReadCall } from '../../../gate/call.ts'
import { FOLLOW_WAIT_S, idOfSequences, sequencesOf, type Follow } from '../../../gate/streams/follow.ts'
import { defineOperation } from '../../../gate/operation.ts'
import type { Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { nextFlight, type NextFlight } from '../../../platform/cache/next-flight.ts'
import { asFault } from '../../../platform/faults.ts'
import { followEvents } from '../../../platform/journal/follow.ts'
import type { JournalHints } from '../../../platform/journal/hints.ts'
import type { JournalEvent } from '../../../platform/journal/journal.ts'
import { eventOf } from './rows/task-events.ts'
import { readTask, unknownTask } from './rows/task-rows.ts'
import { isTerminal, type TaskState } from './task-states.ts'
import { Task, TaskEvent, TaskId } from './task-shape.ts'

export interface FollowTaskDeps {
  readonly hints: JournalHints
}

const EVENTS = 200

const input = z.strictObject({
  task_id: TaskId,
  after: z
    .int()
    .min(0)
    .optional()
    .describe('The last sequence you have seen; left out, the answer begins with how the task stands now.'),
  artifacts: z.boolean().default(true).describe('Whether that shows what the task has made.'),
  wait_seconds: z.number().min(0).max(20).default(0),
})

const output = z.strictObject({
  task: Task.optional().describe(
    'How it stands, where that was asked for or `after` is beyond what there is.',
  ),
  gap: z.boolean().optional().describe('Present when `after` is beyond what there is: go on from `task`.'),
  events: z.array(TaskEvent),
  last_sequence: z.int().describe('Go on after this.'),
  is_over: z.boolean().describe('It has ended and nothing more will come.'),
})

/** Its first answer is how the task stands, or what came after the event it was lost at. */
const follow: Follow = {
  begin: (sent, after) => ({
    ...sent,
    ...(after === undefined ? {} : { after: sequencesOf(after, 1)[0] }),
    wait_seconds: 0,
  }),
  idOf: (_input, { last_sequence }) => idOfSequences([Number(last_sequence)]),
  next: ({ task_id }, { is_over, last_sequence }) =>
    is_over === true ? undefined : { task_id, after: last_sequence, wait_seconds: FOLLOW_WAIT_S },
}

export function followTask({ hints }: FollowTaskDeps) {
  const together = nextFlight<Look>()
  return defineOperation({
    name: 'follow_task',
    title: 'Follow a task',
    description: 'Returns the next events of a task, waiting for the first up to wait_seconds.',
    realm: 'tenant',
    access: 'read',
    scope: 'tasks:read',
    tool: false,
    uncounted: true,
    waits: true,
    follow,
    input,
    output,
    async run({ task_id, after, artifacts, wait_seconds }, call) {
      const id = task_id.toLowerCase()
      call.about(`task:${id}`)
      if (after === undefined) return snapshot(call, id, artifacts)
      const place = { id, after, waitMs: wait_seconds * 1_000 }
      const { found, at } = await news(call, { hints, together }, place)
      if (after > at.last_sequence) return { ...(await snapshot(call, id, true)), gap: true }
      const last_sequence = found.at(-1)?.sequence ?? after
      const is_over = isTerminal(at.state) && last_sequence >= at.last_sequence
      return { events: found.map(eventOf), last_sequence, is_over }
    },
  })
}

async function snapshot(call: ReadCall, id: string, artifacts: boolean) {
  const task = await call.read(tx => readTask(tx, call.principal, id, { history: null, artifacts }))
  const { last_sequence, status } = task
  return { task, events: [], last_sequence, is_over: isTerminal(status.state) }
}

interface Look {
  readonly found: JournalEvent[]
  /** Of the same moment. */
  readonly at: Standing
}

interface News {
  readonly hints: JournalHints
  /** A thousand followers of one task look once, not a thousand times: all of a user see the same of it. */
  readonly together: NextFlight<Look>
}

interface Place {
  readonly id: string
  readonly after: number
  readonly waitMs: number
}

async function news(call: ReadCall, { hints, together }: News, { id, after, waitMs }: Place): Promise<Look> {
  const { tenantId, subject } = call.principal
  const key = JSON.stringify([tenantId, subject, id, after])
  let at: Standing | undefined
  const found = await followEvents({
    read: async fn => {
      const work = (): Promise<Look> =>
        call.read(async tx => {
          const [seen, now] = await Promise.all([fn(tx), standing(tx, call, id)])
          return { found: seen, at: now }
        })
      const look = await unlessAnother(call.signal, () => together(key, work))
      at = look.at
      return look.found
    },
    hints,
    tenantId,
    cursors: [{ streamId: id, after }],
    waitMs,
    limit: EVENTS,
    // What has ended has said everything; what never was does not come.
    isOver: () => at !== undefined && (isTerminal(at.state) || after > at.last_sequence),
    signal: call.signal,
  })
  if (at === undefined) throw unknownTask()
  return { found, at }
}

interface Standing {
  readonly state: TaskState
  readonly last_sequence: number
}

async function standing(tx: Reader, { principal }: ReadCall, id: string): Promise<Standing> {
  const { tenantId, subject } = principal
  const found = await tx.first(sql<{ state: TaskState; last: bigint }>`
    select t.state, s.last_sequence as last
    from app.task t join app.journal_stream s on s.tenant_id = t.tenant_id and s.id = t.id
    where t.tenant_id = ${tenantId} and t.subject = ${subject} and t.id = ${id}`)
  if (found === undefined) throw unknownTask()
  return { state: found.state, last_sequence: Number(found.last) }
}

/** A look that ended because the one who began it has gone is begun again by those who are still there. */
async function unlessAnother<T>(signal: AbortSignal, look: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await look()
    } catch (error) {
      if (signal.aborted || asFault(error).code !== 'cancelled') throw error
    }
  }
}
