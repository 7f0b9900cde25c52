// Makes all chunks of a tenant pending for the model that is being filled, in short transactions; after a kill anywhere
// it goes on where it stood.
import type { OwnerDatabase, Reader } from '../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../platform/db/statements.ts'
import type { PendingKey } from '../pending-chunks.ts'
import { orderEmbedding } from '../embedding-queues.ts'
import { modelReadersEnded } from './model-readers-ended.ts'

const CHUNKS_AT_ONCE = 2_000

type Batch = PendingKey & { limit: number }
const fillBatch = sqlFile<Batch, { done: boolean }>(import.meta.url, './fill-batch.sql')

/** Does nothing when no model is being filled: a job that nobody ordered finds nothing to do. */
export async function fillTenant(
  owner: OwnerDatabase,
  tenantId: string,
  givePartitions: (tenantId: string) => Promise<unknown>,
): Promise<void> {
  const model = await owner.transaction(fillingModel)
  if (model === undefined || !(await owner.transaction(tx => isToStay(tx, tenantId)))) return
  await givePartitions(tenantId)
  // Who knew nothing of the model makes chunks that are not pending for it: these must be there to be seen.
  await modelReadersEnded(owner)
  const batch = { tenant_id: tenantId, model_number: model.number, limit: CHUNKS_AT_ONCE }
  for (let done = false; !done; ) {
    done = await owner.maintain(tenantId, async tx => {
      const filled = await tx.first(fillBatch(batch))
      await orderEmbedding(tx, tenantId)
      return filled?.done === true
    })
  }
}

export function fillingModel(tx: Reader): Promise<{ number: number } | undefined> {
  return tx.first(sql<{ number: number }>`select number from app.embedding_model where state = 'filling'`)
}

async function isToStay(tx: Reader, tenantId: string): Promise<boolean> {
  return (
    (await tx.first(sql`select id from app.tenant where id = ${tenantId} and status <> 'removing'`)) !==
    undefined
  )
}
