// A small blob whole, in the caller's own transaction: for bytes that came with the call.
import { createHash } from 'node:crypto'
import type { Writer } from '../db/database.ts'
import { sql } from '../db/statements.ts'
import { appendToBlob, createBlob } from './blobs.ts'

/** Returns the id of the complete blob. */
export async function storeBlob(tx: Writer, tenantId: string, bytes: Uint8Array): Promise<string> {
  const blobId = await createBlob(tx, tenantId)
  await appendToBlob(tx, { tenantId, blobId }, 0, bytes)
  const sha256 = createHash('sha256').update(bytes).digest()
  await tx.run(sql`
    update app.blob set sha256 = ${sha256}, completed_at = now() where tenant_id = ${tenantId} and id = ${blobId}`)
  return blobId
}
