// A task's status is as old as the event that tells of it: who follows and who looks read the same time.
import type { Writer } from '../../../../platform/db/database.ts'
import { sql } from '../../../../platform/db/statements.ts'
import type { StreamKey } from '../../../../platform/journal/journal.ts'

/** To be called right after the event was written. */
export async function dateStatus(tx: Writer, { tenantId, streamId }: StreamKey): Promise<void> {
  await tx.run(sql`
    update app.task set status_at = (
      select at from app.journal_event where tenant_id = ${tenantId} and stream_id = ${streamId} order by sequence desc limit 1)
    where tenant_id = ${tenantId} and id = ${streamId}`)
}
