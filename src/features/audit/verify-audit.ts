// verify_audit: whether the tenant's audit is as it was written.
import { defineOperation } from '../../gate/operation.ts'
import { verifyChain, verifyInput, verifyOutput } from './chain/verification.ts'

export const verifyAudit = defineOperation({
  name: 'verify_audit',
  title: 'Verify the audit',
  description:
    'Computes the chain of the audit anew and names every row that was edited, removed or moved since it was linked.',
  realm: 'tenant',
  access: 'read',
  tool: false,
  scope: 'audit:read',
  weight: 10,
  input: verifyInput,
  output: verifyOutput,
  run: ({ saved_head }, call) => verifyChain({ tenantId: call.principal.tenantId }, saved_head, call.read),
})
