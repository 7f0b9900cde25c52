// Drops what a retired model leaves, after a time in which the searches that still use it end: first its pending rows,
// then its name, then its tables, partition by partition. What is left is known by having no row in the catalog.
import type { OwnerDatabase, Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { sendJob } from '../../../platform/jobs/send-job.ts'
import { dropModel, NO_TENANT } from '../embedding-queues.ts'
import { modelReadersEnded } from './model-readers-ended.ts'

/** A search keeps its model for some seconds. Who published with it may take minutes: see modelReadersEnded. */
export const GRACE_MS = 60_000
const LOOK_AGAIN_MS = 5_000
/** Who waits for a lock makes everyone wait who comes after; the job gives up instead, and is tried again. */
const LOCK_TIMEOUT = `set local lock_timeout = '2s'`

export async function dropRetired(owner: OwnerDatabase, graceMs = GRACE_MS): Promise<void> {
  const retired = await owner.transaction(tx =>
    tx.all(sql<{ number: number; due: boolean }>`
      select number, retired_at <= clock_timestamp() - make_interval(secs => ${graceMs / 1_000}) as due
      from app.embedding_model where state = 'retired'`),
  )
  // Who publishes with the model orders vectors of it until the end of the transaction.
  if (retired.some(({ due }) => due)) await modelReadersEnded(owner)
  for (const { number } of retired.filter(({ due }) => due)) {
    await forgetPending(owner, number)
    await owner.transaction(tx =>
      tx.run(sql`delete from app.embedding_model where number = ${number} and state = 'retired'`),
    )
  }
  // Who removes a version walks through the tables of all models it knows.
  await modelReadersEnded(owner)
  for (const table of await owner.transaction(orphanTables)) await dropTable(owner, table)
  if (retired.every(({ due }) => due)) return
  await owner.transaction(tx =>
    sendJob(tx, dropModel, { tenantId: NO_TENANT }, { singleton: true, afterMs: LOOK_AGAIN_MS }),
  )
}

async function forgetPending(owner: OwnerDatabase, number: number): Promise<void> {
  const tenants = await owner.transaction(tx =>
    tx.all(sql<{ id: string }>`select id from app.tenant order by id`),
  )
  for (const { id } of tenants) {
    await owner.maintain(id, async tx => {
      await tx.run(
        sql`delete from app.pending_embedding where tenant_id = ${id} and model_number = ${number}`,
      )
      await tx.run(sql`delete from app.embedding_fill where tenant_id = ${id} and model_number = ${number}`)
    })
  }
}

/** Vector tables without a model. A new model's table and row appear together, so it is never among them. */
function orphanTables(tx: Reader): Promise<{ oid: number }[]> {
  return tx.all(sql<{ oid: number }>`
    select c.oid from pg_class c
    where c.relnamespace = 'app'::regnamespace and c.relkind = 'p' and c.relname ~ '^vector_[0-9]+$'
      and not exists (select from app.embedding_model m where format('vector_%s', m.number) = c.relname)`)
}

/** One partition a transaction: all at once would need a lock for each, more than the server has room for. */
async function dropTable(owner: OwnerDatabase, { oid }: { readonly oid: number }): Promise<void> {
  const partitions = await owner.transaction(tx =>
    tx.all(sql<{ oid: number }>`select inhrelid as oid from pg_inherits where inhparent = ${oid}::oid`),
  )
  for (const one of [...partitions, { oid }]) {
    await owner.transaction(async tx => {
      await tx.exec(LOCK_TIMEOUT)
      const named = await tx.first(
        sql<{
          name: string
        }>`select c.oid::regclass::text as name from pg_class c where c.oid = ${one.oid}::oid`,
      )
      if (named !== undefined) await tx.run(sql`drop table ${sql.raw(named.name)}`)
    })
  }
}
