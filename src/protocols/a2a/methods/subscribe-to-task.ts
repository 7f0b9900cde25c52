// SubscribeToTask: what happens to a task from now on, or from the event on that the caller heard last.
import { z } from 'zod'
import { isTerminal } from '../../../features/agents/tasks/task-states.ts'
import { fault } from '../../../platform/faults.ts'
import { lookedFor, type A2aCaller } from '../a2a-caller.ts'
import { protoObject, readParams } from '../codec/read-params.ts'
import { resumedTask } from '../stream/resumed-task.ts'
import { taskSnapshot } from '../stream/task-snapshot.ts'
import { taskUpdates } from '../stream/task-updates.ts'
import { endedAlready } from './ended-already.ts'
import type { MethodDeps, NumberedResponse } from './method.ts'

const Params = protoObject({ id: z.string().min(1) })

/** A task that has ended is refused (A2A 1.0, 3.1.6), but where a caller has not heard all of it yet. */
export function subscribeToTask(deps: MethodDeps) {
  return async function* stream(raw: unknown, caller: A2aCaller): AsyncGenerator<NumberedResponse> {
    const task_id = lookedFor(readParams(Params, raw).id, caller)
    if (caller.after !== undefined) {
      yield* resumedTask(deps, { taskId: task_id, after: caller.after }, caller)
      return
    }
    const { task } = await deps.operations.run('follow_task', { task_id }, caller)
    if (task === undefined) throw fault('internal', { detail: 'follow_task gave no snapshot' })
    if (isTerminal(task.status.state)) throw endedAlready()
    yield taskSnapshot(task, { ...deps, hasLog: caller.hasLog })
    yield* taskUpdates(deps, { task, after: task.last_sequence, state: task.status.state }, caller)
  }
}
