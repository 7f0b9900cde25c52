// There may be money again: what waited for it goes on. Each asks for itself, and waits again where it is not enough.
import { sql } from '../../../platform/db/statements.ts'
import type { TenantDoors } from '../../../platform/db/tenant-doors.ts'
import { sendJob } from '../../../platform/jobs/send-job.ts'
import { holdTask, moveTask } from '../tasks/rows/move-task.ts'
import { RUN_TASK } from '../tasks/task-queue.ts'

/** Of a tenant, all of them; returns how many. */
export async function wakeTasks({ tenantId, read, write }: TenantDoors): Promise<number> {
  const waiting = await read(tx =>
    tx.all(sql<{ id: string }>`
      select id from app.task where tenant_id = ${tenantId} and waiting_for = 'budget' order by created_at`),
  )
  let woken = 0
  for (const { id } of waiting) if (await wakeTask({ tenantId, write }, id)) woken += 1
  return woken
}

/** False when it was woken or has ended meanwhile. */
export async function wakeTask(
  { tenantId, write }: Pick<TenantDoors, 'tenantId' | 'write'>,
  taskId: string,
): Promise<boolean> {
  const stream = { tenantId, streamId: taskId }
  return write(async tx => {
    await holdTask(tx, stream)
    const waits = await tx.first(sql`
      select from app.task where tenant_id = ${tenantId} and id = ${taskId} and waiting_for = 'budget'`)
    if (waits === undefined) return false
    await moveTask(tx, stream, { move: 'wake', say: 'Looking whether there is room in the budget again.' })
    await sendJob(tx, RUN_TASK, { tenantId, taskId })
    return true
  })
}
