// Ends a task whose tenant was suspended before it had ended. Nothing can be written under the tenant's own seal then;
// the owner's maintenance transaction can.
import type { OwnerDatabase } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { holdTask, moveTask } from '../tasks/rows/move-task.ts'
import { isInterrupted, isTerminal, type TaskState } from '../tasks/task-states.ts'

/** Ends the task as `auth_expired`. One that has ended stays; one that waits holds nothing, and goes on waiting. */
export type EndShutOut = (tenantId: string, taskId: string) => Promise<void>

export function shutOutEnder(owner: Pick<OwnerDatabase, 'maintain'>): EndShutOut {
  return (tenantId, taskId) => {
    const stream = { tenantId, streamId: taskId }
    return owner.maintain(tenantId, async tx => {
      await holdTask(tx, stream)
      const found = await tx.first(sql<{ state: TaskState }>`
        select state from app.task where tenant_id = ${tenantId} and id = ${taskId}`)
      if (found === undefined || isTerminal(found.state) || isInterrupted(found.state)) return
      await moveTask(tx, stream, {
        move: 'fail',
        reason: 'auth_expired',
        say: 'The tenant was suspended before the task had ended.',
      })
    })
  }
}
