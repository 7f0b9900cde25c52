// A stream that goes on where its caller lost it: the task as it was at that event, without what it had made by then
// (the caller has it), and then everything after it.
import type { Task, TaskStatus } from '../../../features/agents/tasks/task-shape.ts'
import { isTerminal } from '../../../features/agents/tasks/task-states.ts'
import { fault } from '../../../platform/faults.ts'
import type { A2aCaller } from '../a2a-caller.ts'
import type { MethodDeps, NumberedResponse } from '../methods/method.ts'
import { endedAlready } from '../methods/ended-already.ts'
import type { TaskOperations } from '../task-operations.ts'
import { taskSnapshot } from './task-snapshot.ts'
import { taskUpdates } from './task-updates.ts'

export interface Cursor {
  readonly taskId: string
  /** NaN, and whatever there is no event of, is answered with all there is and a mark that something may be missing. */
  readonly after: number
}

export async function* resumedTask(
  deps: MethodDeps,
  { taskId, after }: Cursor,
  caller: A2aCaller,
): AsyncGenerator<NumberedResponse> {
  const { operations, uri } = deps
  const { hasLog } = caller
  const now = await snapshotOf(operations, taskId, caller)
  const { last_sequence: newest } = now
  const isOver = isTerminal(now.status.state)
  // Not `after > newest`: NaN is no event either.
  if (!(after <= newest)) {
    yield { ...taskSnapshot(now, { uri, hasLog, isGap: true }), isLast: isOver }
    if (!isOver) yield* taskUpdates(deps, { task: now, after: newest, state: now.status.state }, caller)
    return
  }
  if (isOver && after === newest) throw endedAlready()
  const status = after === newest ? now.status : await statusAt(operations, { task: now, after }, caller)
  yield taskSnapshot({ ...now, status, artifacts: [] }, { uri, hasLog, sequence: after })
  yield* taskUpdates(deps, { task: now, after, state: status.state }, caller)
}

async function snapshotOf(operations: TaskOperations, task_id: string, caller: A2aCaller): Promise<Task> {
  const { task } = await operations.run('follow_task', { task_id }, caller)
  if (task === undefined) throw fault('internal', { detail: 'follow_task gave no snapshot' })
  return task
}

/** Only the log knows it: read from its beginning, since it can be read in no other direction. */
async function statusAt(
  operations: TaskOperations,
  { task, after }: { readonly task: Task; readonly after: number },
  caller: A2aCaller,
): Promise<TaskStatus> {
  let status: TaskStatus = { state: 'submitted', at: task.created_at }
  for await (const { events } of operations.follow({ task_id: task.task_id, after: 0 }, caller)) {
    for (const event of events) {
      if (event.sequence > after) return status
      if (event.kind !== 'state') continue
      const { state, at, say, reason, facts } = event
      status = { state, at, say, reason, facts }
    }
  }
  return status
}
