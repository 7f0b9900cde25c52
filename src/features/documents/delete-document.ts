// delete_document: a document goes with all its versions; searches no longer find it when this answers.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { documentId, documentNotFound } from './fields/document-id.ts'
import { withdrawDocument } from './versions/withdraw-document.ts'

/** Taking the words of a text of hundreds of megabytes out of the statistics takes a minute. */
const DELETE_TIMEOUT_MS = 600_000

export function deleteDocument() {
  return defineOperation({
    name: 'delete_document',
    title: 'Delete a document',
    description: 'Deletes a document with all its versions, for good.',
    realm: 'tenant',
    access: 'write',
    destructive: true,
    scope: 'documents:write',
    input: z.strictObject({ document_id: documentId }),
    output: z.strictObject({ document_id: z.string(), deleted: z.literal(true) }),
    async run({ document_id }, call) {
      call.about(`document:${document_id.toLowerCase()}`)
      const key = { tenant_id: call.principal.tenantId, document_id }
      await call.write(
        async tx => {
          if (!(await withdrawDocument(tx, key))) throw documentNotFound()
        },
        { timeoutMs: DELETE_TIMEOUT_MS },
      )
      return { document_id: document_id.toLowerCase(), deleted: true as const }
    },
  })
}
