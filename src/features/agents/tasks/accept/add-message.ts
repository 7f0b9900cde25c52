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
/** Of all messages of a task, as JSON: whoever looks at the task reads them all. */
const MOST_BYTES = 1_000_000

/** Returns its place in the history, from 1. */
export async function addMessage(
  tx: Writer,
  { tenantId, streamId }: StreamKey,
  { messageId, role, parts, metadata, takenBy }: NewMessage,
): Promise<number> {
  const text = journalText(parts)
  const more = metadata === undefined ? null : journalText(metadata)
  const before = await tx.first(sql<{ ordinal: number; bytes: number }>`
    select coalesce(max(ordinal), 0) as ordinal,
      coalesce(sum(octet_length(parts::text) + coalesce(octet_length(metadata::text), 0)), 0)::int as bytes
    from app.task_message where tenant_id = ${tenantId} and task_id = ${streamId}`)
  const ordinal = (before?.ordinal ?? 0) + 1
  const bytes = (before?.bytes ?? 0) + Buffer.byteLength(text) + Buffer.byteLength(more ?? '')
  if (ordinal > MOST_MESSAGES || bytes > MOST_BYTES) throw full()
  await tx.run(sql`
    insert into app.task_message (tenant_id, task_id, ordinal, message_id, role, parts, metadata)
    values (${tenantId}, ${streamId}, ${ordinal}, ${messageId}, ${role}, ${text}::jsonb, ${more}::jsonb)`)
  if (takenBy !== undefined)
    await tx.run(sql`
      update app.task_message set taken_by = ${takenBy}
      where tenant_id = ${tenantId} and task_id = ${streamId} and ordinal = ${ordinal}`)
  return ordinal
}

function full() {
  return fault('conflict', {
    reason: 'task_full',
    say: `A task takes ${MOST_MESSAGES} messages of ${MOST_BYTES / 1_000_000} MB in all: start a new one in the same context.`,
  })
}
