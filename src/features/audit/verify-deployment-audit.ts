// verify_deployment_audit: whether the record of what operators did is as it was written.
import { defineOperation } from '../../gate/operation.ts'
import { verifyChain, verifyInput, verifyOutput } from './chain/verification.ts'

export const verifyDeploymentAudit = defineOperation({
  name: 'verify_deployment_audit',
  title: 'Verify the audit of the deployment',
  description:
    'Computes the chain anew and names every row that was edited, removed or moved since it was linked.',
  realm: 'deployment',
  access: 'read',
  input: verifyInput,
  output: verifyOutput,
  run: ({ saved_head }, call) => verifyChain('deployment', saved_head, fn => call.system('read_audit', fn)),
})
