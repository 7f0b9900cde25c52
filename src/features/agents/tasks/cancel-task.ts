// cancel_task: ends a task, wherever it runs. The end is durable first; the run hears of it within a second, and what it
// still tried to write would not go in.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { holdTask, moveTask, taskEnded } from './rows/move-task.ts'
import { readTask, unknownTask } from './rows/task-rows.ts'
import { isTerminal, type TaskState } from './task-states.ts'
import { Task, TaskId } from './task-shape.ts'

export const cancelTask = defineOperation({
  name: 'cancel_task',
  title: 'Cancel a task',
  description:
    'Ends a task of yours that has not ended; what it has made so far stays. One that is cancelled already is answered as it is.',
  realm: 'tenant',
  access: 'write',
  scope: 'tasks:write',
  destructive: true,
  input: z.strictObject({ task_id: TaskId }),
  output: z.strictObject({ task: Task }),
  async run({ task_id }, call) {
    const { tenantId, subject } = call.principal
    const id = task_id.toLowerCase()
    const stream = { tenantId, streamId: id }
    call.about(`task:${id}`)
    return call.write(async tx => {
      await holdTask(tx, stream)
      const found = await tx.first(sql<{ state: TaskState }>`
        select state from app.task where tenant_id = ${tenantId} and subject = ${subject} and id = ${id}`)
      if (found === undefined) throw unknownTask()
      if (isTerminal(found.state) && found.state !== 'canceled') throw taskEnded()
      if (found.state !== 'canceled')
        await moveTask(tx, stream, { move: 'cancel', say: 'Cancelled.', reason: 'canceled' })
      return { task: await readTask(tx, call.principal, id, { history: null, artifacts: true }) }
    })
  },
})
