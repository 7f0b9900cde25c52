// What a command asks of a Gatehouse, running or opened for it: operations by name, as the operator or as a user of a
// tenant.
import { type Fault, FAULTS, fault, type FaultCode, type FieldIssue } from '../../platform/faults.ts'
import { actingIn, type Ask, type TenantCaller } from './acting-in.ts'
import { NO_SERVER, type Post } from './socket-client.ts'

export interface Operator {
  /** Runs a deployment operation; a refusal is thrown as the same fault the server threw. */
  run(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>>
  /** Runs operations of a tenant (id or slug) as one of its users, by a token that the operator signs. */
  as(tenant: string, user: string, scopes?: readonly string[]): TenantCaller
  readonly post: Post
  /** Ends what was opened for the command; a server that was running already goes on. */
  close(): Promise<void>
}

export function operatorOver(post: Post, close: () => Promise<void>): Operator {
  const ask = asking(post)
  const run: Operator['run'] = (operation, input) => ask(operation, input)
  return { post, close, run, as: (tenant, user, scopes) => actingIn({ tenant, user, scopes }, { ask, run }) }
}

function asking(post: Post): Ask {
  return async function ask(operation, input, options = {}) {
    const answer = await post({ path: `/operations/${operation}`, body: JSON.stringify(input), ...options })
    const body = await bodyOf(answer, options.signal)
    if (answer.ok) return body
    throw refusal(body)
  }
}

/** The connection may break between the head of an answer and its end: that is no answer. */
async function bodyOf(answer: Response, signal: AbortSignal | undefined): Promise<Record<string, unknown>> {
  try {
    return (await answer.json()) as Record<string, unknown>
  } catch (error) {
    if (signal?.aborted === true) throw fault('cancelled', { because: error })
    throw fault('unavailable', {
      reason: NO_SERVER,
      say: 'The connection to Gatehouse broke before its answer was there.',
      because: error,
    })
  }
}

/** A problem document (RFC 9457) as the fault it was made from. */
function refusal(problem: Record<string, unknown>): Fault {
  const { code, detail, reason, issues, retry_after_ms: retryAfterMs } = problem
  const known = typeof code === 'string' && code in FAULTS ? (code as FaultCode) : 'internal'
  return fault(known, {
    ...(typeof detail === 'string' ? { say: detail } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(Array.isArray(issues) ? { issues: issues as FieldIssue[] } : {}),
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
  })
}
