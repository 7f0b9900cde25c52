// Adds what was said to a task's history. The caller holds the task's stream.
import type { Writer } from '../../../../platform/db/database.ts'
import { sql } from '../../../../platform/db/statements.ts'
import { fault } from '../../../../platform/faults.ts'
import type { StreamKey } from '../../../../platform/journal/journal.ts'
import { journalText } from '../../../../platform/journal/journal-text.ts'
import type { TaskPart } from '../task-shape.ts'

export interface NewMessage {
  readonly messageId: string
  readonly role: 'user' | 'agent'
  readonly parts: readonly TaskPart[]
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** Absent: it waits for a run to take it. */
  readonly takenBy?: string | undefined
}

const MOST_MESSAGES = 500

/** Returns its place in the history, from 1. */
export async function addMessage(
  tx: Writer,
  { tenantId, streamId }: StreamKey,
  { messageId, role, parts, metadata, takenBy }: NewMessage,
): Promise<number> {
  const last = await tx.first(sql<{ ordinal: number }>`
    select coalesce(max(ordinal), 0) as ordinal from app.task_message
    where tenant_id = ${tenantId} and task_id = ${streamId}`)
  const ordinal = (last?.ordinal ?? 0) + 1
  if (ordinal > MOST_MESSAGES)
    throw fault('conflict', {
      reason: 'too_many_messages',
      say: `A task takes ${MOST_MESSAGES} messages: start a new one in the same context.`,
    })
  await tx.run(sql`
    insert into app.task_message (tenant_id, task_id, ordinal, message_id, role, parts, metadata)
    values (${tenantId}, ${streamId}, ${ordinal}, ${messageId}, ${role}, ${journalText(parts)}::jsonb,
      ${metadata === undefined ? null : journalText(metadata)}::jsonb)`)
  if (takenBy !== undefined)
    await tx.run(sql`
      update app.task_message set taken_by = ${takenBy}
      where tenant_id = ${tenantId} and task_id = ${streamId} and ordinal = ${ordinal}`)
  return ordinal
}
