// get_document_access: who may read a document. For those who may change it: a list says who works with whom.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { documentId, documentNotFound } from '../fields/document-id.ts'
import { accessOf, ShownAccess } from './shown-access.ts'

export function getDocumentAccess() {
  return defineOperation({
    name: 'get_document_access',
    title: 'See who may read a document',
    description: 'Answers whether everyone in the tenant may read a document, or which users and groups.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:write',
    tool: false,
    uncounted: true,
    input: z.strictObject({ document: documentId }),
    output: z.strictObject({ document_id: z.string(), access: ShownAccess }),
    async run({ document }, call) {
      const key = { tenantId: call.principal.tenantId, documentId: document.toLowerCase() }
      call.about(`document:${key.documentId}`)
      const access = await call.read(tx => accessOf(tx, key))
      if (access === undefined) throw documentNotFound()
      return { document_id: key.documentId, access }
    },
  })
}
