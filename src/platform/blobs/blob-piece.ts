// A piece of a complete blob from some offset on, for callers who ask again for the next one.
import type { Reader } from '../db/database.ts'
import { sql } from '../db/statements.ts'
import { fault } from '../faults.ts'
import type { BlobKey } from './blobs.ts'

/** At most 1 MiB, at least a byte; none at the blob's end. The blob is known to be there and complete. */
export async function blobPiece(
  tx: Reader,
  { tenantId, blobId }: BlobKey,
  offset: number,
): Promise<Uint8Array> {
  const part = await tx.first(sql<{ start_at: bigint; data: Uint8Array }>`
    select start_at, data from app.blob_part
    where tenant_id = ${tenantId} and blob_id = ${blobId} and start_at <= ${offset}
    order by start_at desc limit 1`)
  if (part === undefined) throw fault('internal', { detail: `blob ${blobId} has no part at ${offset}` })
  return part.data.subarray(offset - Number(part.start_at))
}
