// What a command asks of a Gatehouse, on this data folder or elsewhere: operations by name, as the operator or as a
// user of a tenant.
import { asFault, fault } from '../../platform/faults.ts'
import { actingIn, asItself, type TenantCaller } from './acting-in.ts'
import { connectionOver, type Post } from './connection/connection.ts'

export interface Operator {
  /** Runs a deployment operation; a refusal is thrown as the same fault the server threw. */
  run(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>>
  /**
   * Runs operations of a tenant (id or slug) as one of its users, by a token that the operator signs. Without a tenant
   * the connection's own credential decides who calls, where it has one.
   */
  as(tenant: string | undefined, user: string, scopes?: readonly string[]): TenantCaller
  readonly post: Post
  /** Ends what was opened for the command; a server that was running already goes on. */
  close(): Promise<void>
}

/** `ownToken`: what the connection sends, of a Gatehouse elsewhere; without it the caller is the operator. */
export function operatorOver(post: Post, close: () => Promise<void>, ownToken?: string): Operator {
  const connection = connectionOver(post, ownToken)
  const run: Operator['run'] = async (operation, input) => {
    try {
      return await connection.post(operation, input)
    } catch (error) {
      if (ownToken !== undefined && asFault(error).reason === 'unknown_operation')
        throw needsOperatorKey(error)
      throw error
    }
  }
  return {
    post,
    close,
    run,
    as(tenant, user, scopes) {
      if (tenant !== undefined) return actingIn({ tenant, user, scopes }, { ask: connection.post, run })
      if (ownToken !== undefined) return asItself(connection.post)
      throw fault('invalid_input', { say: '--tenant <id or slug> is missing: in which tenant?' })
    },
  }
}

/** The server says the same of what does not exist and of what is not for this caller; here the command is known. */
function needsOperatorKey(because: unknown) {
  return fault('forbidden', {
    reason: 'operator_key',
    say: 'This needs an operator key in GATEHOUSE_TOKEN. With the credential of a user leave --tenant out: the tenant is its own.',
    because,
  })
}
