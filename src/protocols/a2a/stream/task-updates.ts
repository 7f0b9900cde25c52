// The one loop behind every stream: it reads the task's log, wherever the task runs, and ends where it ends or waits.
import type { Task } from '../../../features/agents/tasks/task-shape.ts'
import { isInterrupted, isTerminal, type TaskState } from '../../../features/agents/tasks/task-states.ts'
import type { A2aCaller } from '../a2a-caller.ts'
import { eventToWire } from '../codec/event-to-wire.ts'
import type { MethodDeps, NumberedResponse } from '../methods/method.ts'
import { taskSnapshot } from './task-snapshot.ts'

export interface UpdatesFrom {
  readonly task: Task
  readonly after: number
  /** What the task was in at `after`. */
  readonly state: TaskState
}

/**
 * Every event after `after`, in order. A wait ends the stream when it is told of, but not one that was over when `task` was
 * read: then there is more to tell. Whoever begins at a wait knows of it, and waits for what comes next.
 */
export async function* taskUpdates(
  { operations, uri }: MethodDeps,
  { task, after, state: first }: UpdatesFrom,
  caller: A2aCaller,
): AsyncGenerator<NumberedResponse> {
  const { task_id: taskId, context_id: contextId, last_sequence: known } = task
  const { hasLog } = caller
  let state = first
  for await (const page of operations.follow({ task_id: taskId, after }, caller)) {
    // The log no longer reaches back to where the stream stands.
    if (page.task !== undefined) {
      state = page.task.status.state
      const isLast = isTerminal(state)
      yield { ...taskSnapshot(page.task, { uri, hasLog, isGap: true }), isLast }
      if (isLast) return
    }
    for (const event of page.events) {
      if (event.kind === 'state') state = event.state
      const isLast = event.kind === 'state' && endsStream(state, event.sequence >= known)
      const view = { taskId, contextId, state, uri, hasLog }
      yield { sequence: event.sequence, response: eventToWire(event, view), isLast }
      if (isLast) return
    }
  }
}

function endsStream(state: TaskState, isNews: boolean): boolean {
  return isTerminal(state) || (isNews && isInterrupted(state))
}
