// A task's events, each once and in order, by follow_task: over the socket as over HTTPS. A server that is away for a
// while is asked again from the same place.
import type { SnapshotUpdate, TaskUpdate } from '../../client/a2a/wire-task.ts'
import { hasEnded, isWaiting, type TaskEvent, type TaskSnapshot } from '../../client/task/task-shape.ts'
import { asFault, fault } from '../../../platform/faults.ts'
import type { TenantCaller } from '../acting-in.ts'
import { NO_SERVER } from '../connection/connection.ts'
import { patiently, type Patience } from '../ingest/patiently.ts'

/** The longest that one call waits for news. */
const WAIT_SECONDS = 20

export interface FollowingDeps {
  readonly caller: Pick<TenantCaller, 'run'>
  /** Ends the following; the task goes on. */
  readonly signal: AbortSignal
  readonly patience?: Patience
}

/** What follow_task answers. */
interface News {
  readonly task?: TaskSnapshot
  readonly gap?: boolean
  readonly events: readonly TaskEvent[]
  readonly last_sequence: number
  readonly is_over: boolean
}

/** From the first event on. Ends when the task is at rest: it has ended, or nothing comes until somebody does something. */
export async function* followTask(taskId: string, deps: FollowingDeps): AsyncGenerator<TaskUpdate> {
  let after = 0
  let isAtRest = false
  for (;;) {
    // A state that waits may be long over in what is read again: only when nothing follows it, it is the one.
    const news = await asked(taskId, { after, wait_seconds: isAtRest ? 0 : WAIT_SECONDS }, deps)
    if (isAtRest && news.events.length === 0) return
    if (news.gap === true && news.task !== undefined) {
      after = news.last_sequence
      isAtRest = restsAt(news.task.status.state)
      yield snapshot(news.task, after)
    }
    for (const event of news.events) {
      if (event.sequence <= after) continue
      after = event.sequence
      if (event.kind === 'state') isAtRest = restsAt(event.state)
      yield event
    }
    if (news.is_over) return
  }
}

async function asked(
  taskId: string,
  question: { readonly after: number; readonly wait_seconds: number },
  { caller, signal, patience }: FollowingDeps,
): Promise<News> {
  const ask = async () => {
    try {
      return await caller.run('follow_task', { task_id: taskId, ...question }, signal)
    } catch (error) {
      if (signal.aborted || asFault(error).code !== 'cancelled') throw error
      // Not by us: the server stops, and ends the calls that wait for news.
      throw fault('unavailable', { reason: NO_SERVER, say: 'The server is stopping.', because: error })
    }
  }
  return (await patiently(ask, { ...patience, signal })) as unknown as News
}

function restsAt(state: string): boolean {
  return hasEnded(state) || isWaiting(state)
}

function snapshot(task: TaskSnapshot, sequence: number): SnapshotUpdate {
  return { kind: 'snapshot', sequence, gap: true, task }
}
