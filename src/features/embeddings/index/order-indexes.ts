// Orders the indexes that are due: where vectors have been stored, and for all tenants when a maintainer starts.
import type { OwnerDatabase, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { sendJob } from '../../../platform/jobs/send-job.ts'
import { buildIndex } from '../embedding-queues.ts'
import { dueIndexes } from './due-indexes.ts'

/** Resolves true when an index is due. */
export async function orderIndexes(tx: Writer, tenantId: string, from: number): Promise<boolean> {
  if ((await dueIndexes(tx, tenantId, from)).length === 0) return false
  await sendJob(tx, buildIndex, { tenantId }, { singleton: true })
  return true
}

/** For vectors that were there before: of an older release, or from a backup. */
export async function orderMissingIndexes(owner: OwnerDatabase, from: number): Promise<void> {
  await owner.transaction(async tx => {
    const tenants = await tx.all(sql<{ id: string }>`select id from app.tenant where status = 'active'`)
    for (const { id } of tenants) await orderIndexes(tx, id, from)
  })
}
