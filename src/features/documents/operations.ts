// What callers can ask about documents.
import { getDocumentAccess } from './access/get-document-access.ts'
import { setDocumentAccess } from './access/set-document-access.ts'
import { addDocument } from './add-document.ts'
import { deleteDocument } from './delete-document.ts'
import { followIngestions, type FollowIngestionsDeps } from './follow-ingestions.ts'
import type { TakeDeps } from './take/take-document.ts'
import { listDocuments } from './list-documents.ts'
import { listIngestions } from './list-ingestions.ts'
import { listVersions } from './originals/list-versions.ts'
import { readOriginal } from './originals/read-original.ts'
import { retrieveDocument } from './retrieve-document.ts'
import { retryIngestion } from './retry-ingestion.ts'
import { seedSamples } from './seed-samples.ts'
import { updateDocument } from './update-document.ts'
import { uploadBlob, type UploadBlobDeps } from './upload-blob.ts'
import { countVectors } from './versions/count-vectors.ts'

export interface DocumentsDeps extends TakeDeps, FollowIngestionsDeps, UploadBlobDeps {
  /** Adds the sample tenants and documents. */
  readonly seed: Parameters<typeof seedSamples>[0]
}

export function operations(deps: DocumentsDeps) {
  return [
    retrieveDocument(),
    listDocuments(),
    addDocument(deps),
    updateDocument(deps),
    deleteDocument(),
    getDocumentAccess(),
    setDocumentAccess(),
    listVersions(),
    countVectors(),
    readOriginal(),
    uploadBlob(deps),
    followIngestions(deps),
    listIngestions(),
    retryIngestion(),
    seedSamples(deps.seed),
  ]
}
