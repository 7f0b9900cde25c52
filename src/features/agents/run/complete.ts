// The end of a task that came to it by itself.
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { RunKey } from '../../../platform/journal/journal.ts'
import { holdTask, moveTask } from '../tasks/rows/move-task.ts'

/** What its user has said and no step has taken is told: nobody should wait for an answer to it. */
export async function complete(tx: Writer, key: RunKey): Promise<void> {
  // Held first: whoever adds a message waits, and is then told that the task has ended.
  await holdTask(tx, key)
  const unread = await tx.first(sql<{ messages: number }>`
    select count(*)::int as messages from app.task_message
    where tenant_id = ${key.tenantId} and task_id = ${key.streamId} and role = 'user' and taken_by is null`)
  const messages = unread?.messages ?? 0
  await moveTask(tx, key, { move: 'complete', ...(messages === 0 ? {} : unreadWords(messages)) })
}

function unreadWords(messages: number) {
  const which = messages === 1 ? 'One message' : `${messages} messages`
  return {
    reason: 'unread_messages',
    say: `${which} came too late to be read: send what is still of interest in a new task of the same context.`,
    facts: { unread_messages: messages },
  }
}
