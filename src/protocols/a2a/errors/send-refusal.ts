// Sends a refusal in A2A's shape: the body of the binding it came by, and the headers that tell a client what to do about
// it (a token, a wider one, later).
import type { FastifyReply } from 'fastify'
import type { Fault } from '../../../platform/faults.ts'
import type { Refusal } from '../../http/http-faults.ts'
import { a2aError } from './a2a-faults.ts'
import { restErrorBody, rpcErrorBody, type RpcId } from './error-bodies.ts'
import { wwwAuthenticate, type RefusalContext } from './www-authenticate.ts'

/** An answer to a request that was understood. */
export function sendRpcRefusal(
  reply: FastifyReply,
  problem: Fault,
  context: RefusalContext & { id: RpcId },
): FastifyReply {
  const body = rpcErrorBody(problem, { id: context.id, requestId: reply.request.id })
  return explainedReply(reply, problem, context)
    .code(a2aError(problem).rpcStatus)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body))
}

export function sendRestRefusal(reply: FastifyReply, problem: Fault, context: RefusalContext): FastifyReply {
  return sendStatus(reply, { status: a2aError(problem).status, fault: problem }, context)
}

/** What was refused before its method was known: its id is not known either. */
export function sendEarlyRefusal(
  reply: FastifyReply,
  refused: Refusal,
  context: RefusalContext & { isRest: boolean },
): FastifyReply {
  const { status, fault: problem } = refused
  if (context.isRest) return sendStatus(reply, refused, context)
  const { code } = a2aError(problem)
  const early = { id: null, requestId: reply.request.id }
  // Of the body nothing is known but that it cannot be read: it is no request, and has no parameters.
  const isUnread = code === -32602 || code === -32004
  const body = rpcErrorBody(problem, isUnread ? { ...early, code: status === 400 ? -32600 : status } : early)
  return explainedReply(reply, problem, context)
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body))
}

function sendStatus(
  reply: FastifyReply,
  { status, fault: problem }: Refusal,
  context: RefusalContext,
): FastifyReply {
  const body = restErrorBody(problem, { requestId: reply.request.id, status })
  return explainedReply(reply, problem, context)
    .code(status)
    .type('application/a2a+json; charset=utf-8')
    .send(JSON.stringify(body))
}

function explainedReply(reply: FastifyReply, problem: Fault, context: RefusalContext): FastifyReply {
  reply.request.facts.fault = problem.reason ?? problem.code
  const asked = wwwAuthenticate(problem, context)
  if (asked !== undefined) reply.header('www-authenticate', asked)
  if (problem.retryAfterMs !== undefined && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', String(Math.ceil(problem.retryAfterMs / 1000)))
  }
  return reply
}
