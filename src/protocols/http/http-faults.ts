// How a fault looks over plain HTTP: its status, and a problem document (RFC 9457).
import { STATUS_CODES } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asFault, Fault, fault, type FaultCode } from '../../platform/faults.ts'

/** 499 is what proxies log for a caller who went away; it reaches nobody. */
export const HTTP_STATUS = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  invalid_input: 400,
  conflict: 409,
  unsupported: 422,
  // Never 429: waiting does not help.
  budget_exceeded: 402,
  rate_limited: 429,
  cancelled: 499,
  timeout: 504,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<FaultCode, number>

/** A fault, and the status where HTTP has a more exact one than the fault's own (405, 413, 415, 431 …). */
export interface Refusal {
  readonly status: number
  readonly fault: Fault
}

export function refusal(problem: Fault, status: number = HTTP_STATUS[problem.code]): Refusal {
  return { status, fault: problem }
}

export function sendRefusal(reply: FastifyReply, { status, fault: problem }: Refusal): FastifyReply {
  reply.request.facts.fault = problem.reason ?? problem.code
  if (problem.retryAfterMs !== undefined && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', String(Math.ceil(problem.retryAfterMs / 1000)))
  }
  return reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemDocument(status, problem, reply.request)))
}

/** What a refusal says, also where it is no answer of its own but ends one. */
export function problemDocument(
  status: number,
  problem: Fault,
  { id, facts }: Pick<FastifyRequest, 'id' | 'facts'>,
): Record<string, unknown> {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: problem.say,
    code: problem.code,
    ...(problem.reason === undefined ? {} : { reason: problem.reason }),
    ...(problem.issues.length === 0 ? {} : { issues: problem.issues }),
    ...(problem.facts === undefined ? {} : { facts: problem.facts }),
    ...(problem.retryAfterMs === undefined ? {} : { retry_after_ms: problem.retryAfterMs }),
    request_id: id,
    // Absent where the request was refused before it was traced.
    ...(facts.traceId === undefined ? {} : { trace_id: facts.traceId }),
  }
}

/** Whatever a route or Fastify threw, as something that may be sent. Fastify's own words are never passed on. */
export function asRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Fault) return refusal(thrown)
  const { code, statusCode } = thrown as { code?: unknown; statusCode?: unknown }
  const known = FASTIFY_REFUSALS[String(code)]
  if (known !== undefined) return known()
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return refusal(
      fault('invalid_input', { reason: 'malformed_request', say: 'The request is malformed.' }),
      statusCode,
    )
  }
  return refusal(asFault(thrown))
}

const FASTIFY_REFUSALS: Record<string, () => Refusal> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    refusal(
      fault('invalid_input', {
        reason: 'body_too_large',
        say: 'The body is larger than this server takes (4 MiB).',
      }),
      413,
    ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    refusal(
      fault('unsupported', { reason: 'media_type', say: 'The Content-Type must be application/json.' }),
      415,
    ),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    refusal(
      fault('invalid_input', {
        reason: 'content_length',
        say: 'The body is not as long as Content-Length says.',
      }),
    ),
  FST_ERR_BAD_URL: () =>
    refusal(fault('invalid_input', { reason: 'malformed_url', say: 'The URL is malformed.' })),
}
