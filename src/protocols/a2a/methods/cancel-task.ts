// CancelTask: ends a task, on whichever replica it runs. One that is canceled already is answered as it is.
import type { Task } from '@a2a-js/sdk'
import { z } from 'zod'
import { asFault, fault } from '../../../platform/faults.ts'
import { lookedFor, type A2aCaller } from '../a2a-caller.ts'
import { protoObject, readParams } from '../codec/read-params.ts'
import { taskToWire } from '../codec/task-to-wire.ts'
import type { MethodDeps } from './method.ts'

const Params = protoObject({ id: z.string().min(1) })

export function cancelTask({ operations, uri }: MethodDeps) {
  return async (raw: unknown, caller: A2aCaller): Promise<Task> => {
    const { id } = readParams(Params, raw)
    try {
      const { task } = await operations.run('cancel_task', { task_id: lookedFor(id, caller) }, caller)
      return taskToWire(task, { uri })
    } catch (error) {
      const problem = asFault(error)
      if (problem.reason !== 'task_ended') throw problem
      // A2A has an error of its own for this, and another one for a message to a task that has ended.
      throw fault('conflict', { reason: 'task_not_cancelable', say: problem.say })
    }
  }
}
