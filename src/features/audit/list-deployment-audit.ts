// list_deployment_audit: what operators did, and what became of tenants; it outlives every tenant.
import { defineOperation } from '../../gate/operation.ts'
import { pageAnswer, pageInput, pageOutput, pageStatement } from './rows/audit-page.ts'

export const listDeploymentAudit = defineOperation({
  name: 'list_deployment_audit',
  title: 'Read the audit of the deployment',
  description: 'Lists what operators did and how it ended. Pass next_cursor as cursor for the next page.',
  realm: 'deployment',
  access: 'read',
  input: pageInput,
  output: pageOutput,
  run: (input, call) =>
    call.system('read_audit', async tx =>
      pageAnswer(await tx.all(pageStatement('deployment', input)), input),
    ),
})
