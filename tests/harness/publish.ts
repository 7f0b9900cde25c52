// Documents for tests, by the same code that the operations use, without a server around it.
import { embedPending } from '../../src/features/embeddings/embed-pending.ts'
import type { DocumentFields } from '../../src/features/documents/fields/document-fields.ts'
import {
  prepareDocument,
  stagePrepared,
  type DocumentDraft,
} from '../../src/features/documents/versions/prepare-document.ts'
import { publishVersion, type Published } from '../../src/features/documents/versions/publish-version.ts'
import type { Database, Writer } from '../../src/platform/db/database.ts'
import { tenantDoors } from '../../src/platform/db/tenant-doors.ts'
import type { Embedder } from '../../src/platform/models/embedder.ts'
import { localEmbedder } from '../../src/platform/models/local-embedder.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'

export type TestDraft = Pick<DocumentDraft, 'title' | 'content'> &
  Partial<DocumentDraft> & { readonly externalId?: string; readonly fields?: DocumentFields }

/** Publishes a text in the caller's transaction: a new document, the next version of a known one, or none. */
export function publishIn(
  tx: Writer,
  tenantId: string,
  draft: TestDraft,
  documentId?: string,
): Promise<Published> {
  const document = prepareDocument({ format: 'text', ...draft })
  return publishVersion(tx, tenantId, {
    versionId: uuidv7(),
    target: documentId === undefined ? { externalId: draft.externalId ?? null } : { documentId },
    fields: draft.fields ?? {},
    content: document.content,
    stage: stagePrepared(document),
  })
}

/** Publishes a text, without vectors yet, and returns the document's id. */
export async function publishText(database: Database, tenantId: string, draft: TestDraft): Promise<string> {
  const scope = { tenantId, subject: 'tests' }
  return (await database.writeAs(scope, tx => publishIn(tx, tenantId, draft))).documentId
}

/** Makes the vectors that are ordered, as the background work would. */
export async function embedAll(
  database: Database,
  tenantId: string,
  embedder: Embedder = localEmbedder(),
): Promise<void> {
  await embedPending({ ...tenantDoors(database, { tenantId, subject: 'tests' }), open: () => embedder })
}

/** For searches: the built-in model, or another that takes its place. */
export const servingModelOf =
  (embedder: Embedder = localEmbedder()) =>
  () =>
    Promise.resolve({ ...embedder.model, embedder })

/** For operations that order vectors: nobody does, until `embedAll`. */
export const orderVectors = (): Promise<void> => Promise.resolve()
