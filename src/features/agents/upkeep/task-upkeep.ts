// What is done for tasks by itself, in every process with the owner's login: what ended long ago is forgotten, and what has
// waited too long for its user is ended.
import type { OwnerDatabase } from '../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../platform/db/statements.ts'
import { repeating, type Repeating } from '../../../platform/jobs/repeating.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import { holdTask, moveTask } from '../tasks/rows/move-task.ts'

const EVERY_MS = 600_000
export const KEPT_DAYS = 30
export const WAIT_DAYS = 90
const AT_ONCE = 200

export interface TaskUpkeepDeps {
  readonly owner: OwnerDatabase
  readonly log: Pick<Logger, 'warn'>
}

export function startTaskUpkeep(deps: TaskUpkeepDeps): Repeating {
  return repeating(
    EVERY_MS,
    signal => sweepTasks(deps, signal),
    error => deps.log.warn({ err: error }, 'old tasks could not be forgotten; it is tried again'),
  )
}

/** One turn over all tenants. */
export async function sweepTasks(
  { owner }: Pick<TaskUpkeepDeps, 'owner'>,
  signal?: AbortSignal,
): Promise<void> {
  const tenants = await owner.transaction(tx =>
    tx.all(sql<{ id: string }>`select id from app.tenant where status <> 'removing' order by id`),
  )
  for (const { id } of tenants) {
    if (signal?.aborted === true) return
    await endLongWaits(owner, id)
    // One batch after the other: none holds what it deletes for long.
    let forgotten = AT_ONCE
    while (forgotten === AT_ONCE) forgotten = await forgetBatch(owner, id)
  }
}

interface Forgetting extends Record<string, unknown> {
  tenant_id: string
  days: number
  at_once: number
}
const forgetTasks = sqlFile<Forgetting, { forgotten: number }>(import.meta.url, './forget-tasks.sql')

/** Returns how many tasks were forgotten. */
async function forgetBatch(owner: OwnerDatabase, tenantId: string): Promise<number> {
  const row = await owner.maintain(tenantId, tx =>
    tx.first(forgetTasks({ tenant_id: tenantId, days: KEPT_DAYS, at_once: AT_ONCE })),
  )
  return row?.forgotten ?? 0
}

async function endLongWaits(owner: OwnerDatabase, tenantId: string): Promise<void> {
  const old = await owner.maintain(tenantId, tx =>
    tx.all(sql<{ id: string }>`
      select id from app.task
      where tenant_id = ${tenantId} and waiting_for is not null and status_at < now() - ${WAIT_DAYS} * interval '1 day'`),
  )
  for (const { id } of old) {
    const stream = { tenantId, streamId: id }
    await owner.maintain(tenantId, async tx => {
      await holdTask(tx, stream)
      const waits = await tx.first(sql`
        select from app.task where tenant_id = ${tenantId} and id = ${id} and waiting_for is not null`)
      if (waits === undefined) return
      const say = `Nobody answered within ${WAIT_DAYS} days.`
      await moveTask(tx, stream, { move: 'fail', reason: 'abandoned', say })
    })
  }
}
