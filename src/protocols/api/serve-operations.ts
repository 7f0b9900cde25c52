// Operations of the deployment over HTTP, for the owner-only socket alone: who can open it is the operator.
import { fault } from '../../platform/faults.ts'
import type { DeploymentOperation, Operation } from '../../gate/operation.ts'

export interface OperationRequest {
  readonly name: string
  readonly input: unknown
  readonly requestId: string
  readonly signal: AbortSignal
}

export type RunAsOperator = (
  operation: DeploymentOperation,
  request: OperationRequest,
) => Promise<Record<string, unknown>>

/** Finds the operation by its name and runs it; an unknown name, or one that is a tenant's, is `not_found`. */
export function operationServer(catalog: readonly Operation[], run: RunAsOperator) {
  const byName = new Map(catalog.filter(isDeployment).map(operation => [operation.name, operation]))
  return async function serveOperation(request: OperationRequest): Promise<Record<string, unknown>> {
    const operation = byName.get(request.name)
    if (operation === undefined)
      throw fault('not_found', { say: `There is no operation ${request.name} for operators.` })
    return run(operation, request)
  }
}

function isDeployment(operation: Operation): operation is DeploymentOperation {
  return operation.realm === 'deployment'
}
