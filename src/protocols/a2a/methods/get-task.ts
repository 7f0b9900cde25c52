// GetTask: the task as it is now.
import type { Task } from '@a2a-js/sdk'
import { z } from 'zod'
import { lookedFor, type A2aCaller } from '../a2a-caller.ts'
import { HistoryLength, protoObject, readParams } from '../codec/read-params.ts'
import { taskToWire } from '../codec/task-to-wire.ts'
import type { MethodDeps } from './method.ts'

const Params = protoObject({ id: z.string().min(1), historyLength: HistoryLength })

export function getTask({ operations, uri }: MethodDeps) {
  return async (raw: unknown, caller: A2aCaller): Promise<Task> => {
    const { id, historyLength } = readParams(Params, raw)
    const { task } = await operations.run(
      'get_task',
      {
        task_id: lookedFor(id, caller),
        ...(historyLength === undefined ? {} : { history_length: historyLength }),
      },
      caller,
    )
    const log = caller.hasLog ? { sequence: task.last_sequence } : undefined
    return taskToWire(task, { uri, historyLength, log })
  }
}
