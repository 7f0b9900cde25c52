// What callers can ask about documents.
import { addDocument, type AddDocumentDeps } from './add-document.ts'
import { deleteDocument } from './delete-document.ts'
import { listDocuments } from './list-documents.ts'
import { retrieveDocument } from './retrieve-document.ts'
import { seedSamples } from './seed-samples.ts'

export interface DocumentsDeps extends AddDocumentDeps {
  /** Adds the sample tenants and documents. */
  readonly seed: Parameters<typeof seedSamples>[0]
}

export function operations(deps: DocumentsDeps) {
  return [retrieveDocument(), listDocuments(), addDocument(deps), deleteDocument(), seedSamples(deps.seed)]
}
