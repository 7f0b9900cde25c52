// What answers of both versions of JSON-RPC have in common.
import type { FastifyReply } from 'fastify'
import { fault, type Fault } from '../../../platform/faults.ts'
import { rpcErrorBody, type RpcId } from '../errors/error-bodies.ts'

export function sendResult(reply: FastifyReply, id: RpcId, result: unknown): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(JSON.stringify({ jsonrpc: '2.0', id, result }))
}

/** How a stream of either version ends when it cannot go on: its last event is an error of JSON-RPC. */
export function rpcFailure({ request }: FastifyReply, id: RpcId) {
  return (problem: Fault) => ({ data: rpcErrorBody(problem, { id, requestId: request.id }) })
}

export function unknownMethod(name: string): Fault {
  const other = name.includes('/') ? '0.3' : '1.0'
  return fault('invalid_input', {
    reason: 'unknown_method',
    say: `There is no such method in this version of A2A; A2A-Version: ${other} may be meant.`,
  })
}
