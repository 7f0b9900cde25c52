// Erases a tenant: the maintainer's part of `remove_tenant`. Acts only on a tenant whose row says 'removing', which
// the job itself cannot make true; looks at what is left, so that after a kill anywhere the job simply runs again.
import { setTimeout as wait } from 'node:timers/promises'
import type { OwnerDatabase } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { forgetTenantJobs } from '../../../platform/jobs/forget-tenant-jobs.ts'
import {
  partitionName,
  partitionState,
  quoted,
  tenantTables,
  type TenantTable,
} from '../storage/tenant-tables.ts'
import { LOCK_TIMEOUT, withoutQueueing } from '../storage/without-queueing.ts'

/** Rows that one transaction deletes. */
const BATCH = 5_000
/** Calls end after 30 s. Publishing a large text may take minutes: then the job gives up and is tried again. */
const WRITERS_END_WITHIN_MS = 60_000

/**
 * Resolves false, having done nothing, when there is no such tenant or nobody has ordered its removal. `lastWords` is run
 * once nobody writes any more and before anything goes.
 */
export async function eraseTenant(
  owner: OwnerDatabase,
  tenantId: string,
  lastWords: (tenantId: string) => Promise<void> = () => Promise.resolve(),
): Promise<boolean> {
  if (!(await isRemoving(owner, tenantId))) return false
  const tables = await owner.transaction(tenantTables)
  await writersEnded(owner, tables)
  await lastWords(tenantId)
  for (const table of tables) {
    if (table.isPartitioned) await dropPartition(owner, table.name, tenantId)
    else await deleteRows(owner, table.name, tenantId)
  }
  await refreshStatistics(owner, tables)
  await owner.transaction(async tx => {
    await forgetTenantJobs(tx, tenantId)
    await tx.run(sql`delete from app.tenant where id = ${tenantId} and status = 'removing'`)
  })
  return true
}

async function isRemoving(owner: OwnerDatabase, tenantId: string): Promise<boolean> {
  const row = await owner.transaction(tx =>
    tx.first(sql<{ status: string }>`select status from app.tenant where id = ${tenantId}`),
  )
  return row?.status === 'removing'
}

/**
 * Waits until the writers are gone that were at work when this began. Since the row says 'removing', no new statement
 * passes the seal's check; but one that had passed it before could still commit rows behind our back. A statement
 * locks its table before it takes the snapshot that the check sees, so whoever holds the lock now is all there is.
 */
async function writersEnded(owner: OwnerDatabase, tables: readonly TenantTable[]): Promise<void> {
  const writers = await owner.transaction(tx =>
    tx.all(sql<{ id: string }>`
      select distinct virtualtransaction as id from pg_locks
      where database = (select oid from pg_database where datname = current_database())
        and relation = any(${tables.map(table => table.oid)}::oid[]) and mode = 'RowExclusiveLock'`),
  )
  for (let waitedMs = 0; writers.length > 0; waitedMs += 100) {
    const left = await owner.transaction(tx =>
      tx.first(
        sql`select from pg_locks where locktype = 'virtualxid' and virtualxid = any(${writers.map(({ id }) => id)})`,
      ),
    )
    if (left === undefined) return
    if (waitedMs > WRITERS_END_WITHIN_MS)
      throw fault('unavailable', { detail: 'a writing transaction does not end' })
    await wait(100)
  }
}

/** DETACH … CONCURRENTLY waits for the searches under way and makes nobody wait; the DROP then concerns the partition alone. */
async function dropPartition(owner: OwnerDatabase, table: string, tenantId: string): Promise<void> {
  const name = partitionName(table, tenantId)
  await finishDetaching(owner, table)
  if ((await owner.transaction(tx => partitionState(tx, name))) === 'attached') {
    await owner.runAlone(`alter table ${quoted(table)} detach partition ${quoted(name)} concurrently`)
  }
  await withoutQueueing(() =>
    owner.transaction(tx => tx.exec(`${LOCK_TIMEOUT}; drop table if exists ${quoted(name)}`)),
  )
}

/** A DETACH that was cut off in the middle stands in the way of the next one, whichever tenant's it was. */
async function finishDetaching(owner: OwnerDatabase, table: string): Promise<void> {
  const pending = await owner.transaction(tx =>
    tx.first(sql<{ name: string }>`
      select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = ${quoted(table)}::regclass and i.inhdetachpending`),
  )
  if (pending !== undefined)
    await owner.runAlone(`alter table ${quoted(table)} detach partition ${quoted(pending.name)} finalize`)
}

async function deleteRows(owner: OwnerDatabase, table: string, tenantId: string): Promise<void> {
  const rows = sql.table(`app.${table}`)
  const deleteBatch = sql`
    delete from ${rows} where tenant_id = ${tenantId} and ctid = any(array(
      select ctid from ${rows} where tenant_id = ${tenantId} limit ${BATCH}))`
  while ((await owner.maintain(tenantId, tx => tx.run(deleteBatch))) > 0);
}

/** The planner's statistics quote values of the rows they were gathered from; VACUUM takes the deleted rows off the pages too. */
async function refreshStatistics(owner: OwnerDatabase, tables: readonly TenantTable[]): Promise<void> {
  for (const { name, isPartitioned, isAnalyzed } of tables) {
    if (!isPartitioned) await owner.runAlone(`vacuum (analyze) ${quoted(name)}`)
    else if (isAnalyzed) await owner.runAlone(`analyze ${quoted(name)}`)
  }
}
