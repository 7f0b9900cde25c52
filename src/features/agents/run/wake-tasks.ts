// There may be money again: what waited for it goes on. Each asks for itself, and waits again where it is not enough.
import { sql } from '../../../platform/db/statements.ts'
import type { TenantDoors } from '../../../platform/db/tenant-doors.ts'
import { Fault } from '../../../platform/faults.ts'
import { sendJob } from '../../../platform/jobs/send-job.ts'
import { moveTask } from '../tasks/rows/move-task.ts'
import { RUN_TASK } from '../tasks/task-queue.ts'

/** Of a tenant, all of them; returns how many. */
export async function wakeTasks({ tenantId, read, write }: TenantDoors): Promise<number> {
  const waiting = await read(tx =>
    tx.all(sql<{ id: string }>`
      select id from app.task where tenant_id = ${tenantId} and waiting_for = 'budget' order by created_at`),
  )
  let woken = 0
  for (const { id } of waiting) {
    const stream = { tenantId, streamId: id }
    const wake = write(async tx => {
      await moveTask(tx, stream, { move: 'wake', say: 'There may be room in the budget again.' })
      await sendJob(tx, RUN_TASK, { tenantId, taskId: id })
    })
    // One that was woken or has ended meanwhile.
    await wake.then(
      () => (woken += 1),
      (error: unknown) => {
        if (!(error instanceof Fault && error.reason === 'task_ended')) throw error
      },
    )
  }
  return woken
}
