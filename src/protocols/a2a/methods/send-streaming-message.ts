// SendStreamingMessage: begins a task or goes on with one, and tells what happens until it ends or waits for somebody.
import { isInterrupted, isTerminal } from '../../../features/agents/tasks/task-states.ts'
import type { A2aCaller } from '../a2a-caller.ts'
import { resumedTask } from '../stream/resumed-task.ts'
import { taskSnapshot } from '../stream/task-snapshot.ts'
import { taskUpdates } from '../stream/task-updates.ts'
import type { MethodDeps, NumberedResponse } from './method.ts'
import { acceptMessage } from './send-message.ts'

/** Sent again with the number of an event, a message is not answered anew: the stream goes on from there. */
export function sendStreamingMessage(deps: MethodDeps) {
  return async function* stream(raw: unknown, caller: A2aCaller): AsyncGenerator<NumberedResponse> {
    const { task, historyLength } = await acceptMessage(deps.operations, raw, caller)
    if (caller.after !== undefined) {
      yield* resumedTask(deps, { taskId: task.task_id, after: caller.after }, caller)
      return
    }
    const { state } = task.status
    const isLast = isTerminal(state) || isInterrupted(state)
    yield { ...taskSnapshot(task, { ...deps, historyLength, hasLog: caller.hasLog }), isLast }
    if (!isLast) yield* taskUpdates(deps, { task, after: task.last_sequence, state }, caller)
  }
}
