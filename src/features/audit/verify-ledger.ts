// verify_ledger: whether what the tenant has spent is as it was written.
import { defineOperation } from '../../gate/operation.ts'
import { verifyChain, verifyInput, verifyOutput } from './chain/verification.ts'

export const verifyLedger = defineOperation({
  name: 'verify_ledger',
  title: 'Verify the chain of the ledger',
  description:
    'Computes the chain of all charges and corrections anew and names every row that was edited, removed or moved since it was linked.',
  realm: 'tenant',
  access: 'read',
  tool: false,
  scope: 'costs:read',
  weight: 10,
  input: verifyInput,
  output: verifyOutput,
  run: ({ saved_head }, call) => verifyChain({ ledgerOf: call.principal.tenantId }, saved_head, call.read),
})
