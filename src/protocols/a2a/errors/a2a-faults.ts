// How a fault looks over A2A (1.0.1, section 5.4): one table for both bindings. What A2A has no error for, HTTP has: such
// refusals keep its status, and their JSON-RPC code is that same number. A code of ours in -32099…-32000 would sooner or
// later be A2A's, and clients would take one refusal for another.
import type { Fault, FaultCode } from '../../../platform/faults.ts'

export interface A2aError {
  /** Of JSON-RPC. */
  readonly code: number
  /** Of HTTP: over HTTP+JSON, and over JSON-RPC, where an answer is an answer (200) also when it says no. */
  readonly status: number
  readonly rpcStatus: number
  /** Of gRPC, as google.rpc.Status spells it. */
  readonly name: string
  /** In google.rpc.ErrorInfo, for errors that are A2A's own; the others are named by their fault. */
  readonly reason?: string
}

const a2a = (code: number, status: number, name: string, reason: string): A2aError => ({
  code,
  status,
  rpcStatus: 200,
  name,
  reason,
})
const http = (status: number, name: string): A2aError => ({ code: status, status, rpcStatus: status, name })

const INVALID_PARAMS: A2aError = { code: -32602, status: 400, rpcStatus: 200, name: 'INVALID_ARGUMENT' }
const INVALID_REQUEST: A2aError = { code: -32600, status: 400, rpcStatus: 400, name: 'INVALID_ARGUMENT' }
const UNSUPPORTED_OPERATION = a2a(-32004, 400, 'FAILED_PRECONDITION', 'UNSUPPORTED_OPERATION')
const CONTENT_TYPE = a2a(-32005, 400, 'INVALID_ARGUMENT', 'CONTENT_TYPE_NOT_SUPPORTED')
const INTERNAL: A2aError = { code: -32603, status: 500, rpcStatus: 200, name: 'INTERNAL' }

/** The reasons that A2A and JSON-RPC have an error of their own for. */
const BY_REASON = new Map<string, A2aError>([
  ['unknown_task', a2a(-32001, 404, 'NOT_FOUND', 'TASK_NOT_FOUND')],
  ['task_not_cancelable', a2a(-32002, 400, 'FAILED_PRECONDITION', 'TASK_NOT_CANCELABLE')],
  ['push_notifications', a2a(-32003, 400, 'FAILED_PRECONDITION', 'PUSH_NOTIFICATION_NOT_SUPPORTED')],
  ['task_ended', UNSUPPORTED_OPERATION],
  ['content_type', CONTENT_TYPE],
  ['a2a_version', a2a(-32009, 400, 'FAILED_PRECONDITION', 'VERSION_NOT_SUPPORTED')],
  // DESIGN has it as a conflict; on A2A's wires it is a parameter that is wrong.
  ['message_reused', INVALID_PARAMS],
  ['malformed_json', { ...INVALID_REQUEST, code: -32700 }],
  ['invalid_request', INVALID_REQUEST],
  ['unknown_method', { ...INVALID_PARAMS, code: -32601, status: 404, name: 'UNIMPLEMENTED' }],
])

const BY_CODE = {
  unauthenticated: http(401, 'UNAUTHENTICATED'),
  forbidden: http(403, 'PERMISSION_DENIED'),
  not_found: http(404, 'NOT_FOUND'),
  invalid_input: INVALID_PARAMS,
  conflict: http(409, 'ABORTED'),
  unsupported: UNSUPPORTED_OPERATION,
  // 402 over JSON-RPC too, so that a proxy or a meter sees what a program reads. Never 429: waiting does not help.
  budget_exceeded: http(402, 'FAILED_PRECONDITION'),
  rate_limited: http(429, 'RESOURCE_EXHAUSTED'),
  // Who reads this is still there: it is the server that stops.
  cancelled: { ...INTERNAL, status: 503, rpcStatus: 503, name: 'UNAVAILABLE' },
  timeout: { ...INTERNAL, status: 504, rpcStatus: 504, name: 'DEADLINE_EXCEEDED' },
  unavailable: { ...INTERNAL, status: 503, rpcStatus: 503, name: 'UNAVAILABLE' },
  internal: INTERNAL,
} as const satisfies Record<FaultCode, A2aError>

export function a2aError({ code, reason }: Fault): A2aError {
  return BY_REASON.get(reason ?? '') ?? BY_CODE[code]
}

export interface Explained {
  readonly message: string
  /** google.rpc's kinds of detail, each with its `@type`. */
  readonly details: readonly Record<string, unknown>[]
}

/** What may be said of a fault: never its detail or cause. */
export function explained(problem: Fault, requestId: string): Explained {
  const { code, reason, say, facts, retryAfterMs } = problem
  const own = a2aError(problem).reason
  const info =
    own === undefined
      ? { reason: (reason ?? code).toUpperCase(), domain: 'gatehouse' }
      : { reason: own, domain: 'a2a-protocol.org' }
  // Where A2A's name for it stands in its place, ours is told beside it.
  const ours = own === undefined || reason === undefined ? {} : { reason }
  const more = { ...texts(facts ?? {}), ...ours }
  const metadata = Object.keys(more).length === 0 ? {} : { metadata: more }
  const violations = violationsOf(problem)
  return {
    message: say,
    details: [
      { '@type': `${TYPES}.ErrorInfo`, ...info, ...metadata },
      ...(violations.length === 0 ? [] : [{ '@type': `${TYPES}.BadRequest`, fieldViolations: violations }]),
      ...(retryAfterMs === undefined
        ? []
        : [{ '@type': `${TYPES}.RetryInfo`, retryDelay: `${retryAfterMs / 1000}s` }]),
      { '@type': `${TYPES}.RequestInfo`, requestId },
    ],
  }
}

const TYPES = 'type.googleapis.com/google.rpc'

/** What is wrong with one member for a reason of its own names that member too. */
const MEMBER_OF = new Map([
  ['message_reused', 'message.messageId'],
  ['unknown_context', 'message.contextId'],
  ['unknown_workflow', 'message.metadata.skill'],
  ['bad_page_token', 'pageToken'],
])

function violationsOf({ reason, say, issues }: Fault): { field: string; description: string }[] {
  const field = MEMBER_OF.get(reason ?? '')
  if (issues.length === 0 && field !== undefined) return [{ field, description: say }]
  return issues.map(issue => ({ field: camelCase(issue.field), description: issue.message }))
}

/** The operations' names of fields as A2A writes them. */
function camelCase(field: string): string {
  return field.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** ErrorInfo's metadata holds texts alone. */
function texts(facts: NonNullable<Fault['facts']>): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)]))
}
