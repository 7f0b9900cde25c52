// POST /a2a: one JSON-RPC request of A2A 1.0 or 0.3. Of the SDK's transport for 1.0 nothing is used but the codec: it
// has no event numbers, no details in its errors, and its words for an error we do not know are that error's own.
import { StreamResponse } from '@a2a-js/sdk'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Operation } from '../../../gate/operation.ts'
import { asFault } from '../../../platform/faults.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import type { Challenger } from '../../mcp/challenge.ts'
import type { A2aMethod } from '../a2a-methods.ts'
import { admitMethod, callerOf, scopeMissing, type RequestDeps } from '../a2a-request.ts'
import { a2aVersion } from '../a2a-version.ts'
import { logInternal } from '../errors/log-internal.ts'
import { sendRpcRefusal } from '../errors/send-refusal.ts'
import { sendUpdates } from '../stream/send-updates.ts'
import type { AnswerLegacy } from './answer-legacy.ts'
import { rpcFailure, sendResult, unknownMethod } from './rpc-answers.ts'
import { idOf, readEnvelope, requireObject, type RpcRequest } from './rpc-envelope.ts'

export interface RpcOptions extends RequestDeps {
  readonly catalog: readonly Operation[]
  readonly methods: ReadonlyMap<string, A2aMethod>
  readonly answerLegacy: AnswerLegacy
  readonly challenge: Challenger
  readonly log: Logger
}

export function postRpc(options: RpcOptions) {
  return async function post(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const id = idOf(request.body)
    try {
      const envelope = readEnvelope(request.body)
      return a2aVersion(request) === '0.3'
        ? await options.answerLegacy(reply, envelope)
        : await answer(reply, envelope, options)
    } catch (error) {
      const problem = asFault(error)
      logInternal(problem, request, options.log)
      const missingScope = scopeMissing(request, options.catalog)
      return sendRpcRefusal(reply, problem, { id, challenge: options.challenge, missingScope })
    }
  }
}

async function answer(reply: FastifyReply, { id, method: name, params }: RpcRequest, options: RpcOptions) {
  const method = options.methods.get(name)
  if (method === undefined) throw unknownMethod(name)
  const caller = callerOf(reply.request, params, options.uri)
  await admitMethod(reply, { method, caller, version: '1.0' }, options)
  const given = name === 'GetExtendedAgentCard' && params === undefined ? {} : requireObject(params)
  if (method.kind === 'answer') return sendResult(reply, id, await method.answer(given, caller))
  return sendUpdates(reply, method.stream(given, caller), {
    failure: rpcFailure(reply, id),
    log: options.log,
    data: ({ response }) => ({ jsonrpc: '2.0', id, result: StreamResponse.toJSON(response) }),
  })
}
