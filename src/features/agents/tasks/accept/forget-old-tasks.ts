// Tasks that ended long ago are forgotten, with all they made: each that comes makes room for more than itself.
import type { Writer } from '../../../../platform/db/database.ts'
import { sqlFile } from '../../../../platform/db/statements.ts'
import type { Owner } from '../rows/task-rows.ts'

const MONTH_DAYS = 30
const AT_ONCE = 20

interface Forgetting extends Record<string, unknown> {
  tenant_id: string
  subject: string
  days: number
  at_once: number
}
const forgetTasks = sqlFile<Forgetting, unknown>(import.meta.url, './forget-tasks.sql')

/** Some of the owner's tasks that ended more than a month ago. */
export async function forgetOldTasks(tx: Writer, { tenantId, subject }: Owner): Promise<void> {
  await tx.run(forgetTasks({ tenant_id: tenantId, subject, days: MONTH_DAYS, at_once: AT_ONCE }))
}
