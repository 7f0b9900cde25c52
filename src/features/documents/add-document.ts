// add_document: takes a text in at once, or a file, an upload or a web address in the background. The same external_id
// names the same document: what is new replaces what was there, what is not changes nothing.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { accessInput } from './access/access-list.ts'
import { fieldsInput } from './fields/document-fields.ts'
import { refuseUnfit, sourceInput } from './fields/document-source.ts'
import { takeDocument, Taken, type TakeDeps } from './take/take-document.ts'

export function addDocument(deps: TakeDeps) {
  return defineOperation({
    name: 'add_document',
    title: 'Add a document',
    description:
      'Adds a document to the tenant: a text (content), a small file (data), an upload (blob_id) or a web address (url). ' +
      'A text can be searched by its words once this answers; files go in in the background. ' +
      'With an external_id that is known it updates that document.',
    realm: 'tenant',
    access: 'write',
    scope: 'documents:write',
    input: z.strictObject({
      ...sourceInput,
      ...fieldsInput,
      access: accessInput.optional(),
      external_id: z
        .string()
        .min(1)
        .max(500)
        .optional()
        .describe('Your own key for the document; unique within the tenant.'),
    }),
    output: Taken,
    async run(given, call) {
      refuseUnfit(given)
      return takeDocument(deps, call, given, { externalId: given.external_id ?? null })
    },
  })
}
