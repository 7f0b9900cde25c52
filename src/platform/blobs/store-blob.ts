// A small blob whole, in the caller's own transaction: for bytes that came with the call.
import { createHash } from 'node:crypto'
import type { Writer } from '../db/database.ts'
import { sql } from '../db/statements.ts'
import { createBlob } from './blobs.ts'

/** Returns the id of the complete blob. `bytes` are at most the 1 MiB of one part. */
export async function storeBlob(tx: Writer, tenantId: string, bytes: Uint8Array): Promise<string> {
  const blobId = await createBlob(tx, tenantId)
  const sha256 = createHash('sha256').update(bytes).digest()
  if (bytes.length > 0)
    await tx.run(sql`
      insert into app.blob_part (tenant_id, blob_id, start_at, data) values (${tenantId}, ${blobId}, 0, ${bytes})`)
  await tx.run(sql`
    update app.blob set received = ${bytes.length}, sha256 = ${sha256}, completed_at = now()
    where tenant_id = ${tenantId} and id = ${blobId}`)
  return blobId
}
