// What every step of an ingestion works with.
import type { Writer } from '../../../platform/db/database.ts'
import type { TenantDoors } from '../../../platform/db/tenant-doors.ts'
import type { Run } from '../../../platform/journal/run.ts'
import type { ParserPool } from '../parse/parser-pool.ts'
import type { Ingestion } from './ingestion.ts'

export interface FetchedFile {
  readonly mediaType: string | null
  readonly name: string | null
  readonly body: AsyncIterable<Uint8Array>
}

/** A file whose bytes are a complete blob. */
export type FileInBlob = {
  readonly blobId: string
  readonly name: string | null
  readonly mediaType: string | null
}

export interface IngestDeps {
  /** The doors of a tenant for one of its subjects. */
  readonly doorsOf: (tenantId: string, subject: string) => TenantDoors
  readonly parser: ParserPool
  /** A file of the public web; see platform/outbound. */
  readonly fetchPublic: (
    url: string,
    options: { readonly signal: AbortSignal; readonly maxBytes: number; readonly deadlineMs: number },
  ) => Promise<FetchedFile>
  readonly maxFileBytes: number
  /** Orders the vectors of what was published, in the same transaction. */
  readonly orderVectors: (tx: Writer, tenantId: string) => Promise<void>
}

export interface IngestWork {
  readonly deps: IngestDeps
  readonly doors: TenantDoors
  readonly ingestion: Ingestion
  readonly run: Run
  readonly signal: AbortSignal
}
