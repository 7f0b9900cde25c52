// How many tasks a second come to their end, from the first request to the last end.
import { setTimeout as wait } from 'node:timers/promises'
import type { AsAdmin } from '../../tests/harness/money-books.ts'
import { processorMsOf } from '../search/wire/server-process.ts'
import type { A2aClient, Message } from './a2a-client.ts'
import { manyAtOnce } from './many-at-once.ts'

export interface Ended {
  readonly acceptedPerSecond: number
  readonly endedPerSecond: number
  /** Processor time of our processes, of the database's not. */
  readonly cpuMsPerTask: number
}

const CALLERS = 16
const PATIENCE_MS = 300_000

export interface Batch {
  readonly tenantId: string
  readonly tasks: number
  readonly message: (turn: number) => Message
  /** Of the server and its workers. */
  readonly pids: readonly string[]
}

/** Throws when a task ends in another way than by being done. */
export async function tasksToTheirEnd(
  client: A2aClient,
  asAdmin: AsAdmin,
  { tenantId, tasks, message, pids }: Batch,
): Promise<Ended> {
  const before = await countsOf(asAdmin, tenantId)
  const busyMs = cpuMsOf(pids)
  const begun = performance.now()
  await manyAtOnce(tasks, CALLERS, turn => client.send(message(turn)))
  const acceptedMs = performance.now() - begun
  for (;;) {
    const now = await countsOf(asAdmin, tenantId)
    const completed = now.completed - before.completed
    if (now.finished - before.finished !== completed) throw new Error('a task did not come to a good end')
    const endedMs = performance.now() - begun
    if (completed === tasks)
      return {
        acceptedPerSecond: tasks / (acceptedMs / 1_000),
        endedPerSecond: tasks / (endedMs / 1_000),
        cpuMsPerTask: (cpuMsOf(pids) - busyMs) / tasks,
      }
    if (endedMs > PATIENCE_MS) throw new Error(`${completed} of ${tasks} tasks have ended`)
    await wait(25)
  }
}

function cpuMsOf(pids: readonly string[]): number {
  return pids.reduce((sum, pid) => sum + (processorMsOf(pid) ?? Number.NaN), 0)
}

async function countsOf(asAdmin: AsAdmin, tenantId: string) {
  const [row] = await asAdmin(
    `select count(*) filter (where finished_at is not null) as finished,
       count(*) filter (where state = 'completed') as completed
     from app.task where tenant_id = $1`,
    [tenantId],
  )
  return { finished: Number(row?.['finished']), completed: Number(row?.['completed']) }
}
