// set_document_access: who may read a document, from the next query of every process on.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { readsOf } from '../../../gate/roles.ts'
import { documentId, documentNotFound } from '../fields/document-id.ts'
import { lockDocument } from '../versions/publish-version.ts'
import { accessInput, checkedAccess } from './access-list.ts'
import { setAccess } from './set-access.ts'
import { accessOf, ShownAccess } from './shown-access.ts'

export function setDocumentAccess() {
  return defineOperation({
    name: 'set_document_access',
    title: 'Set who may read a document',
    description:
      'Opens a document to everyone in the tenant, or closes it to all but these users and groups. Nobody else finds it from the next query on.',
    realm: 'tenant',
    access: 'write',
    scope: 'documents:write',
    tool: false,
    uncounted: true,
    input: z.strictObject({ document: documentId, access: accessInput }),
    output: z.strictObject({ document_id: z.string(), access: ShownAccess, changed: z.boolean() }),
    async run({ document, access }, call) {
      const { tenantId, subject } = call.principal
      const key = { tenantId, documentId: document.toLowerCase() }
      call.about(`document:${key.documentId}`)
      return call.write(async tx => {
        // Before anything is said of the people: a document that is not there for the caller says nothing of them.
        if (!(await lockDocument(tx, tenantId, { documentId: key.documentId }))) throw documentNotFound()
        const setter = { tenantId, subject, reads: readsOf(call.principal) }
        const changed = await setAccess(tx, key, await checkedAccess(tx, setter, access))
        const shown = await accessOf(tx, key)
        if (shown === undefined) throw documentNotFound()
        return { document_id: key.documentId, access: shown, changed }
      })
    },
  })
}
