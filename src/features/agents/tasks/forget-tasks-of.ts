// The part of tasks in removing a user.
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'

/** Deletes the tasks of a user with all they said and made; needs the right `people`. */
export async function forgetTasksOf(tx: Writer, userId: string): Promise<void> {
  await tx.run(sql`select app.forget_tasks_of(${userId})`)
}
