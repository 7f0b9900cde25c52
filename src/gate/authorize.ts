// May this principal ask for this operation: the first stage of a call.
import { fault } from '../platform/faults.ts'
import type { Principal } from './call.ts'
import type { Operation } from './operation.ts'

/** Throws `forbidden` when the realm is another's or the scope is missing. */
export function authorize(operation: Operation, principal: Principal): void {
  if (operation.realm !== principal.realm) {
    throw fault('forbidden', {
      reason: 'wrong_realm',
      say: `${operation.name} is not for this kind of caller.`,
    })
  }
  const scope = missingScope(operation, principal)
  if (scope !== undefined) {
    throw fault('forbidden', {
      reason: 'insufficient_scope',
      say: `${operation.name} needs the scope ${scope}.`,
    })
  }
}

/** The scope the operation needs and the principal lacks. */
export function missingScope(operation: Operation, principal: Principal): string | undefined {
  if (operation.realm !== 'tenant' || principal.realm !== 'tenant') return undefined
  return principal.scopes.has(operation.scope) ? undefined : operation.scope
}
