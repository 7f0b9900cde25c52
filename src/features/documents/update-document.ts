// update_document: a new text or file becomes the next version; title, labels, collection, metadata and access can
// change alone. What is not given stays. Earlier versions keep opening.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { fault } from '../../platform/faults.ts'
import { accessInput } from './access/access-list.ts'
import { documentId } from './fields/document-id.ts'
import { fieldsInput } from './fields/document-fields.ts'
import { refuseUnfit, sourceInput, sourcesIn } from './fields/document-source.ts'
import { amendDocument } from './take/amend-document.ts'
import { takeDocument, Taken, type TakeDeps } from './take/take-document.ts'

export function updateDocument(deps: TakeDeps) {
  return defineOperation({
    name: 'update_document',
    title: 'Update a document',
    description:
      'Replaces the text of a document (content, data, blob_id or url), or changes its title, labels, collection, metadata or access. ' +
      'What is left out stays as it is; earlier versions can still be read.',
    realm: 'tenant',
    access: 'write',
    scope: 'documents:write',
    input: z.strictObject({
      document_id: documentId,
      ...sourceInput,
      ...fieldsInput,
      access: accessInput.optional(),
    }),
    output: Taken,
    async run(given, call) {
      const target = { documentId: given.document_id.toLowerCase() }
      call.about(`document:${target.documentId}`)
      if (sourcesIn(given) === 0) {
        if (Object.keys(given).every(key => key === 'document_id' || key === 'format')) throw nothingGiven()
        return amendDocument(deps, call, given, target.documentId)
      }
      refuseUnfit({ ...given, title: given.title ?? 'kept' })
      return takeDocument(deps, call, given, target)
    },
  })
}

function nothingGiven() {
  return fault('invalid_input', {
    say: 'Give what is to change: content, data, blob_id or url; or title, labels, collection, metadata, language, access.',
    issues: [{ field: 'document_id', message: 'nothing to change is given' }],
  })
}
