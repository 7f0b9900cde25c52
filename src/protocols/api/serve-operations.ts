// Operations over HTTP, for the owner-only socket alone: who can open it is the operator. With an access token the
// caller acts in the token's tenant instead, and passes the same doors as whoever comes by the port.
import type { Principal, TenantPrincipal } from '../../gate/call.ts'
import type { Admission } from '../../gate/limits/memory-limiter.ts'
import type { Operation } from '../../gate/operation.ts'
import { rateLimited } from '../../gate/rate-limit.ts'
import { fault } from '../../platform/faults.ts'

export interface OperationRequest {
  readonly name: string
  readonly input: unknown
  /** The Authorization header, where one was sent. */
  readonly authorization: string | undefined
  readonly requestId: string
  readonly signal: AbortSignal
}

export interface OperationServerOptions {
  readonly catalog: readonly Operation[]
  /** Who calls when there is no Authorization header. */
  readonly operator: () => Principal
  readonly authenticate: (authorization: string) => Promise<TenantPrincipal>
  readonly limitPrincipal: (principal: TenantPrincipal) => Promise<Admission>
  readonly run: (
    operation: Operation,
    request: OperationRequest,
    principal: Principal,
  ) => Promise<Record<string, unknown>>
}

/**
 * Finds the operation among those of the caller's realm and runs it; an unknown name, or one of the other realm, is
 * `not_found`. A header that is there but empty or wrong is `unauthenticated`: it never falls back to the operator.
 */
export function operationServer(options: OperationServerOptions) {
  const byRealm = {
    deployment: named(options.catalog, 'deployment'),
    tenant: named(options.catalog, 'tenant'),
  }
  return async function serveOperation(request: OperationRequest): Promise<Record<string, unknown>> {
    const { name, authorization } = request
    const principal = authorization === undefined ? options.operator() : await admit(authorization)
    const operation = byRealm[principal.realm].get(name)
    if (operation === undefined) {
      const whom = principal.realm === 'tenant' ? 'tenants' : 'operators'
      throw fault('not_found', { say: `There is no operation ${name} for ${whom}.` })
    }
    return options.run(operation, request, principal)
  }

  async function admit(authorization: string): Promise<TenantPrincipal> {
    const principal = await options.authenticate(authorization)
    const admission = await options.limitPrincipal(principal)
    if (!admission.allowed) throw rateLimited(admission)
    return principal
  }
}

function named(catalog: readonly Operation[], realm: Operation['realm']): ReadonlyMap<string, Operation> {
  return new Map(
    catalog.filter(operation => operation.realm === realm).map(operation => [operation.name, operation]),
  )
}
