// The part of the queue in erasing a tenant.
import type { Writer } from '../db/database.ts'
import { sql } from '../db/statements.ts'

/** Deletes every job of the tenant, finished, waiting or running. `tx` is the schema owner's. */
export async function forgetTenantJobs(tx: Writer, tenantId: string): Promise<number> {
  return tx.run(sql`delete from pgboss.job where data ->> 'tenantId' = ${tenantId}`)
}
