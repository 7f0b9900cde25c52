// Bytes of any size, kept in Postgres in parts: uploaded piece by piece, sealed with their hash, read piece by piece.
// Nothing here holds more than a few MiB in memory, nor a transaction while somebody else works.
import { createHash } from 'node:crypto'
import type { Reader, Writer } from '../db/database.ts'
import { sql, sqlFile } from '../db/statements.ts'
import type { TenantDoors } from '../db/tenant-doors.ts'
import { fault, type Fault } from '../faults.ts'
import { uuidv7 } from '../uuid-v7.ts'

export interface BlobKey {
  readonly tenantId: string
  readonly blobId: string
}

export interface BlobFacts {
  /** Bytes so far; all of them once `sha256` is there. */
  readonly received: number
  /** Lower-case hex; undefined until the blob is complete. */
  readonly sha256: string | undefined
  readonly kept: boolean
  readonly createdAt: Date
}

export type BlobDoors = Pick<TenantDoors, 'read' | 'write'>

const PART_BYTES = 1_048_576
/** Bytes that one reading transaction fetches, up to a part more. They travel as hex, so twice as many on the wire. */
const WINDOW_BYTES = 4 * PART_BYTES
/** Of small parts a transaction takes no more than these. */
const WINDOW_PARTS = 1_000
const SWEEP_BLOBS = 100
/** Deleting 1 GiB takes Postgres some seconds; a transaction may last 30. */
const SWEEP_BYTES = 1_073_741_824
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Makes an empty blob and returns its id. What is neither completed nor kept within a day is swept. */
export async function createBlob(tx: Writer, tenantId: string): Promise<string> {
  const id = uuidv7()
  await tx.run(sql`insert into app.blob (tenant_id, id) values (${tenantId}, ${id})`)
  return id
}

/**
 * Lays bytes at the end and returns how many there are now. `offset` must be how many there were. The very last
 * append may be repeated as it was, even to a blob that is complete by now: who lost the answer can ask again. Holds
 * the blob's row until the transaction ends. Faults: not_found, conflict (`wrong_offset`, `blob_complete`).
 */
export async function appendToBlob(
  tx: Writer,
  key: BlobKey,
  offset: number,
  bytes: Uint8Array,
): Promise<number> {
  const { received, complete } = await lockedBlob(tx, key)
  if (await isThereAlready(tx, key, { offset, bytes, received })) return received
  if (complete) {
    throw fault('conflict', {
      reason: 'blob_complete',
      say: 'The blob is complete and takes no more bytes; create another.',
    })
  }
  if (offset !== received) {
    throw fault('conflict', {
      reason: 'wrong_offset',
      say: `The blob holds ${received} bytes; continue at offset ${received}.`,
    })
  }
  const parts = Array.from({ length: Math.ceil(bytes.length / PART_BYTES) }, (_, i) => i * PART_BYTES)
  const total = received + bytes.length
  await Promise.all([
    ...parts.map(start =>
      tx.run(sql`
        insert into app.blob_part (tenant_id, blob_id, start_at, data)
        values (${key.tenantId}, ${key.blobId}, ${received + start}, ${bytes.subarray(start, start + PART_BYTES)})`),
    ),
    tx.run(
      sql`update app.blob set received = ${total} where tenant_id = ${key.tenantId} and id = ${key.blobId}`,
    ),
  ])
  return total
}

/**
 * Hashes what has arrived and closes the blob to more; asked again, it answers the same. The bytes are read outside of
 * any transaction of the caller's. Faults: not_found, conflict (`blob_changed`: bytes arrived meanwhile).
 */
export async function completeBlob(
  doors: BlobDoors,
  key: BlobKey,
): Promise<{ size: number; sha256: string }> {
  const before = await doors.read(tx => blobFacts(tx, key))
  if (before.sha256 !== undefined) return { size: before.received, sha256: before.sha256 }
  const hash = createHash('sha256')
  for await (const bytes of partsOf(doors.read, key, before.received)) hash.update(bytes)
  const sha256 = hash.digest()
  return doors.write(async tx => {
    await tx.run(sql`
      update app.blob set sha256 = ${sha256}, completed_at = now()
      where tenant_id = ${key.tenantId} and id = ${key.blobId} and received = ${before.received} and sha256 is null`)
    // Somebody else may have completed it first, with the same bytes or after more of them.
    const after = await blobFacts(tx, key)
    if (after.received === before.received && after.sha256 === sha256.toString('hex'))
      return { size: after.received, sha256: after.sha256 }
    throw fault('conflict', {
      reason: 'blob_changed',
      say: 'Bytes arrived while the blob was being completed; complete it once all of them are there.',
    })
  })
}

/** Faults: not_found, the same for a blob that never was and for another tenant's. */
export async function blobFacts(tx: Reader, key: BlobKey): Promise<BlobFacts> {
  const row = await ofBlob(key, () =>
    tx.first(sql<{ received: bigint; sha256: Uint8Array | null; kept: boolean; created_at: Date }>`
      select received, sha256, kept, created_at from app.blob
      where tenant_id = ${key.tenantId} and id = ${key.blobId}`),
  )
  return {
    received: Number(row.received),
    sha256: row.sha256 === null ? undefined : Buffer.from(row.sha256).toString('hex'),
    kept: row.kept,
    createdAt: row.created_at,
  }
}

/**
 * The bytes of a complete blob, in pieces of at most 1 MiB. Each short transaction fetches the next few MiB; none is
 * open while the consumer works. Faults: not_found (also when it is deleted meanwhile), conflict (`blob_incomplete`).
 */
export async function* readBlob(
  read: BlobDoors['read'],
  key: BlobKey,
): AsyncGenerator<Uint8Array, void, void> {
  const { received, sha256 } = await read(tx => blobFacts(tx, key))
  if (sha256 === undefined) throw incomplete()
  yield* partsOf(read, key, received)
}

/** Says that the blob is in use, so that no sweep takes it. Only a complete blob can be. */
export async function keepBlob(tx: Writer, key: BlobKey): Promise<void> {
  const { complete } = await lockedBlob(tx, key)
  if (!complete) throw incomplete()
  await tx.run(sql`update app.blob set kept = true where tenant_id = ${key.tenantId} and id = ${key.blobId}`)
}

type SweepParameters = { tenant_id: string; older_than_hours: number; blobs: number; bytes: number }
const sweep = sqlFile<SweepParameters, { id: string }>(import.meta.url, './sweep-blobs.sql')

/**
 * Deletes the oldest blobs that nobody keeps, finished or not: at most 100, and about 1 GiB, a call. Returns how many
 * went; call again until it is 0.
 */
export async function sweepBlobs(
  tx: Writer,
  tenantId: string,
  { olderThanHours = 24 }: { readonly olderThanHours?: number } = {},
): Promise<number> {
  return tx.run(
    sweep({
      tenant_id: tenantId,
      older_than_hours: olderThanHours,
      blobs: SWEEP_BLOBS,
      bytes: SWEEP_BYTES,
    }),
  )
}

function noSuchBlob(): Fault {
  return fault('not_found', { say: 'There is no such blob.' })
}

function incomplete(): Fault {
  return fault('conflict', {
    reason: 'blob_incomplete',
    say: 'The blob is not complete; send the rest of its bytes and complete it first.',
  })
}

/** The row that `find` finds; an id that is no UUID is looked for nowhere. */
async function ofBlob<Row>({ blobId }: BlobKey, find: () => Promise<Row | undefined>): Promise<Row> {
  const row = UUID.test(blobId) ? await find() : undefined
  if (row === undefined) throw noSuchBlob()
  return row
}

async function lockedBlob(tx: Writer, key: BlobKey): Promise<{ received: number; complete: boolean }> {
  const row = await ofBlob(key, () =>
    tx.first(sql<{ received: bigint; complete: boolean }>`
      select received, sha256 is not null as complete from app.blob
      where tenant_id = ${key.tenantId} and id = ${key.blobId} for no key update`),
  )
  return { received: Number(row.received), complete: row.complete }
}

interface Append {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly received: number
}

/** Whether these very bytes end the blob, beginning where a part begins; no bytes always do, at its end. */
async function isThereAlready(
  tx: Reader,
  { tenantId, blobId }: BlobKey,
  { offset, bytes, received }: Append,
): Promise<boolean> {
  if (offset + bytes.length !== received) return false
  const parts = await tx.all(sql<{ data: Uint8Array }>`
    select data from app.blob_part
    where tenant_id = ${tenantId} and blob_id = ${blobId} and start_at >= ${offset} order by start_at`)
  return Buffer.concat(parts.map(({ data }) => data)).equals(bytes)
}

async function* partsOf(
  read: BlobDoors['read'],
  { tenantId, blobId }: BlobKey,
  size: number,
): AsyncGenerator<Uint8Array, void, void> {
  let position = 0
  while (position < size) {
    const from = position
    const parts = await read(tx =>
      tx.all(sql<{ start_at: bigint; data: Uint8Array }>`
        select start_at, data from app.blob_part
        where tenant_id = ${tenantId} and blob_id = ${blobId}
          and start_at >= ${from} and start_at < ${Math.min(size, from + WINDOW_BYTES)}
        order by start_at limit ${WINDOW_PARTS}`),
    )
    // Whatever was sent before stays; so it has been deleted as a whole.
    if (parts.length === 0) throw noSuchBlob()
    for (const { start_at, data } of parts) {
      if (Number(start_at) !== position)
        throw fault('internal', { detail: `blob ${blobId} has a gap at ${position}` })
      position += data.length
      yield data
    }
  }
}
