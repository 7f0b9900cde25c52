// The operations on documents and the searches, without a server and its background work around them: a file that is
// brought waits until a test runs its ingestion.
import { addDocument } from '../../src/features/documents/add-document.ts'
import { deleteDocument } from '../../src/features/documents/delete-document.ts'
import { runIngestion } from '../../src/features/documents/ingest/run-ingestion.ts'
import type { IngestDeps } from '../../src/features/documents/ingest/ingest-work.ts'
import { listDocuments } from '../../src/features/documents/list-documents.ts'
import { listIngestions } from '../../src/features/documents/list-ingestions.ts'
import { parserPool, type ParserPool } from '../../src/features/documents/parse/parser-pool.ts'
import { retrieveDocument } from '../../src/features/documents/retrieve-document.ts'
import { updateDocument } from '../../src/features/documents/update-document.ts'
import { countVectors } from '../../src/features/documents/versions/count-vectors.ts'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { tenantDoors } from '../../src/platform/db/tenant-doors.ts'
import { orderVectors, servingModelOf } from './publish.ts'

export const documentOperations = [
  addDocument({ orderVectors }),
  updateDocument({ orderVectors }),
  deleteDocument(),
  listDocuments(),
  listIngestions(),
  retrieveDocument(),
  countVectors(),
  ...retrieval({ servingModel: servingModelOf() }),
]

/** What every document operation of a test asks about a hit. */
export interface SearchHit {
  readonly doc_id: string
  readonly title: string
  readonly content: string
  readonly document_version: number
  readonly bm25_score: number
  readonly vector_score: number
  readonly chunk_start: number
  readonly chunk_end: number
  readonly page?: number
  readonly heading: string
}

export interface IngestionRunner {
  run(tenantId: string, ingestionId: string): Promise<void>
  close(): Promise<void>
}

/** Runs ingestions as a job would, when the test says so. `parser`: instead of real parser children. */
export function ingestionRunner(
  database: Database,
  parser: ParserPool = parserPool({ size: 2 }),
): IngestionRunner {
  const deps: IngestDeps = {
    doorsOf: (tenantId, subject) => tenantDoors(database, { tenantId, subject, reads: 'all' }),
    parser,
    fetchPublic: () => Promise.reject(new Error('nothing is fetched here')),
    maxFileBytes: 10_000_000,
    orderVectors,
  }
  const attempt = new AbortController().signal
  return {
    run: (tenantId, ingestionId) => runIngestion(deps, { tenantId, ingestionId }, attempt),
    close: () => parser.close(),
  }
}
