// How often a step was begun, by this run and those before it.
import type { Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { StreamKey } from '../../../platform/journal/journal.ts'

export async function timesBegun(
  tx: Reader,
  { tenantId, streamId }: StreamKey,
  step: string,
): Promise<number> {
  const begun = await tx.first(sql<{ times: number }>`
    select count(*)::int as times from app.journal_event
    where tenant_id = ${tenantId} and stream_id = ${streamId} and kind = 'step' and data ->> 'step' = ${step}`)
  return begun?.times ?? 0
}
