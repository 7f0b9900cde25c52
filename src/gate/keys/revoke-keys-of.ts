// Revokes all API keys of a user or service at once.
import type { Writer } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'

/** In the transaction in which their owner goes; keys that were revoked before keep their time. */
export async function revokeKeysOf(tx: Writer, tenantId: string, subject: string): Promise<void> {
  await tx.run(sql`
    update app.api_key set revoked_at = now()
    where tenant_id = ${tenantId} and user_id = ${subject} and revoked_at is null`)
}
