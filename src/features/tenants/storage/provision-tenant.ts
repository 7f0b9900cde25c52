// Gives a tenant its partitions and makes it active: the maintainer's part of `create_tenant`. Each step looks at
// the catalog and commits alone, so that after a kill anywhere the same job simply runs again.
import type { OwnerDatabase, Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { partitionedTables, partitionName, partitionState, quoted } from './tenant-tables.ts'
import { LOCK_TIMEOUT, withoutQueueing } from './without-queueing.ts'

/**
 * Idempotent; an active tenant gets the partitions it still lacks (of a table that is newer than the tenant).
 * Resolves false, having done nothing, when the tenant is gone or being removed: the job came too late.
 */
export async function provisionTenant(owner: OwnerDatabase, tenantId: string): Promise<boolean> {
  const parents = await owner.transaction(partitionedTables)
  for (const parent of parents) {
    if (!(await withoutQueueing(() => attachPartition(owner, parent, tenantId)))) return false
  }
  return owner.transaction(async tx => {
    await tx.run(sql`
      update app.tenant set status = 'active', changed_at = now()
      where id = ${tenantId} and status = 'provisioning'`)
    return holdsTenant(tx, tenantId)
  })
}

/**
 * LIKE and ATTACH take no lock on the parent that a search or a write would wait for (SHARE UPDATE EXCLUSIVE);
 * CREATE … PARTITION OF would take ACCESS EXCLUSIVE. The CHECK spares ATTACH its scan. The partition gets no
 * grant and no policy: it is reached through its parent only.
 */
async function attachPartition(owner: OwnerDatabase, parent: string, tenantId: string): Promise<boolean> {
  const name = partitionName(parent, tenantId)
  const partition = quoted(name)
  return owner.transaction(async tx => {
    await tx.exec(LOCK_TIMEOUT)
    if (!(await holdsTenant(tx, tenantId))) return false
    const state = await partitionState(tx, name)
    if (state === 'attached') return true
    if (state !== 'absent')
      throw fault('internal', { detail: `${partition} is ${state} and stands in the way` })
    await tx.exec(`
      create table ${partition} (like ${quoted(parent)} including all excluding identity);
      alter table ${partition} add constraint one_tenant check (tenant_id = '${tenantId}');
      alter table ${partition} enable row level security;
      alter table ${partition} force row level security;
      alter table ${quoted(parent)} attach partition ${partition} for values in ('${tenantId}');`)
    return true
  })
}

/** Whether the tenant is there and to stay. Its row is held: a removal begins after this transaction, or before it. */
async function holdsTenant(tx: Reader, tenantId: string): Promise<boolean> {
  const row = await tx.first(
    sql<{ status: string }>`select status from app.tenant where id = ${tenantId} for update`,
  )
  return row !== undefined && row.status !== 'removing'
}
