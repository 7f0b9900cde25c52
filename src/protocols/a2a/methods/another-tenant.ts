// The refusal of a request that names another tenant than its token's, and no task: those with a task find none.
import { fault } from '../../../platform/faults.ts'

export function anotherTenant(): Error {
  const issue = { field: 'tenant', message: 'must be the tenant of the access token, or absent' }
  return fault('invalid_input', {
    reason: 'another_tenant',
    say: `${issue.field} ${issue.message}.`,
    issues: [issue],
  })
}
