// list_audit: who did what in the tenant, and how it ended.
import { defineOperation } from '../../gate/operation.ts'
import { pageAnswer, pageInput, pageOutput, pageStatement } from './rows/audit-page.ts'

export const listAudit = defineOperation({
  name: 'list_audit',
  title: 'Read the audit',
  description:
    'Lists who did what in the tenant and how it ended. Pass next_cursor as cursor for the next page.',
  realm: 'tenant',
  access: 'read',
  tool: false,
  uncounted: true,
  scope: 'audit:read',
  input: pageInput,
  output: pageOutput,
  async run(input, call) {
    const { tenantId } = call.principal
    const [records] = await call.readBatch([pageStatement({ tenantId }, input)])
    return pageAnswer(records, input)
  },
})
