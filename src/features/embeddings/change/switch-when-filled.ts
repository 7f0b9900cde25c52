// Lets a filled model answer. Until the one transaction that switches, searches go by the old model; after it, by the
// new one, which has every chunk that the old one had.
import type { OwnerDatabase, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { sendJob } from '../../../platform/jobs/send-job.ts'
import { vectorTable } from '../../../platform/models/vector-table.ts'
import { countPending } from '../embed-pending.ts'
import { dropModel, fillModel, NO_TENANT, orderEmbedding, switchModel } from '../embedding-queues.ts'
import type { PendingKey } from '../pending-chunks.ts'
import { INDEXED_FROM } from '../index/due-indexes.ts'
import { orderIndexes } from '../index/order-indexes.ts'
import { GRACE_MS } from './drop-retired.ts'
import { fillingModel } from './fill-tenant.ts'

const LOOK_AGAIN_MS = 1_000

/** Looks again a second later when a tenant is not ready; the parked chunks of a tenant are not waited for. */
export async function switchWhenFilled(
  owner: OwnerDatabase,
  givePartitions: (tenantId: string) => Promise<unknown>,
  graceMs = GRACE_MS,
  indexedFrom: number = INDEXED_FROM[owner.engine],
): Promise<void> {
  const model = await owner.transaction(fillingModel)
  if (model === undefined) return
  const keys = (await owner.transaction(tenantsToStay)).map(tenant_id => ({
    tenant_id,
    model_number: model.number,
  }))
  for (const key of keys) {
    if (await owner.maintain(key.tenant_id, tx => isReady(tx, key, indexedFrom))) continue
    return owner.transaction(async tx => {
      await sendJob(tx, switchModel, { tenantId: NO_TENANT }, { singleton: true, afterMs: LOOK_AGAIN_MS })
    })
  }
  for (const key of keys) {
    // A tenant that was being made when the model came may have been told of fewer tables.
    await givePartitions(key.tenant_id)
    await owner.maintain(key.tenant_id, tx => dropOrphans(tx, key))
  }
  await owner.transaction(tx => switchTo(tx, model.number, graceMs))
}

async function tenantsToStay(tx: Writer): Promise<string[]> {
  const tenants = await tx.all(
    sql<{ id: string }>`select id from app.tenant where status <> 'removing' order by id`,
  )
  return tenants.map(({ id }) => id)
}

/** Filled, embedded and indexed; otherwise the job that is to see to it is sent once more. */
async function isReady(tx: Writer, key: PendingKey, indexedFrom: number): Promise<boolean> {
  const { tenant_id: tenantId, model_number } = key
  const fill = await tx.first(sql<{ done: boolean }>`
    select done from app.embedding_fill where tenant_id = ${tenantId} and model_number = ${model_number}`)
  if (fill?.done !== true) {
    await sendJob(tx, fillModel, { tenantId }, { singleton: true })
    return false
  }
  if ((await countPending(tx, key)) > 0) {
    await orderEmbedding(tx, tenantId)
    return false
  }
  // Otherwise every search of a large tenant would look at all its vectors for a while.
  return !(await orderIndexes(tx, tenantId, indexedFrom))
}

/** Vectors of versions that were removed in the very moment their chunks were made pending. */
async function dropOrphans(tx: Writer, { tenant_id, model_number }: PendingKey): Promise<void> {
  await tx.run(sql`
    delete from ${sql.raw(vectorTable(model_number))} v
    where v.tenant_id = ${tenant_id}
      and not exists (select from app.chunk c where c.tenant_id = ${tenant_id} and c.id = v.chunk_id)`)
}

async function switchTo(tx: Writer, number: number, graceMs: number): Promise<void> {
  await tx.run(
    sql`update app.embedding_model set state = 'retired', retired_at = now() where state = 'serving'`,
  )
  await tx.run(
    sql`update app.embedding_model set state = 'serving' where number = ${number} and state = 'filling'`,
  )
  await sendJob(tx, dropModel, { tenantId: NO_TENANT }, { singleton: true, afterMs: graceMs })
}
