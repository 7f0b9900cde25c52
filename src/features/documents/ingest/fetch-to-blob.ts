// The step that fetches a web address: the bytes become a blob, read like any uploaded file.
import { appendToBlob, completeBlob, createBlob } from '../../../platform/blobs/blobs.ts'
import { append } from '../../../platform/journal/journal.ts'
import type { FileInBlob, IngestWork } from './ingest-work.ts'
import { keepFetched, markRunning } from './ingestion.ts'

const PART = 1_048_576
const DEADLINE_MS = 300_000

/** A fetch that was cut off starts over; its half blob is swept after a day. */
export async function fetchToBlob(
  { deps, doors, run, ingestion, signal }: IngestWork,
  url: string,
): Promise<FileInBlob> {
  await run.write(async tx => {
    await markRunning(tx, ingestion)
    await append(tx, run.key, 'fetching', {})
  })
  const blobId = await run.write(tx => createBlob(tx, doors.tenantId))
  const file = await deps.fetchPublic(url, { signal, maxBytes: deps.maxFileBytes, deadlineMs: DEADLINE_MS })
  const key = { tenantId: doors.tenantId, blobId }
  let received = 0
  for await (const part of partsOf(file.body)) {
    received = await run.write(tx => appendToBlob(tx, key, received, part))
  }
  await completeBlob(doors, key)
  await run.write(tx => keepFetched(tx, ingestion, blobId))
  return { blobId, name: file.name, mediaType: file.mediaType }
}

/** The bytes in parts of a mebibyte, however small the pieces in which they arrive. */
async function* partsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    waiting.push(piece)
    size += piece.length
    if (size < PART) continue
    yield Buffer.concat(waiting)
    waiting = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(waiting)
}
