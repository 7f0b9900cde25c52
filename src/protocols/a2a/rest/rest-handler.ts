// One URL of HTTP+JSON: reads where its parameters stand, asks the same methods as JSON-RPC, answers them bare.
import { A2A_CONTENT_TYPE, StreamResponse } from '@a2a-js/sdk'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Operation } from '../../../gate/operation.ts'
import { asFault, fault } from '../../../platform/faults.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import type { Challenger } from '../../mcp/challenge.ts'
import type { A2aMethod } from '../a2a-methods.ts'
import { admitMethod, callerOf, scopeMissing, type RequestDeps } from '../a2a-request.ts'
import { a2aVersion } from '../a2a-version.ts'
import { restErrorBody } from '../errors/error-bodies.ts'
import { logInternal } from '../errors/log-internal.ts'
import { sendRestRefusal } from '../errors/send-refusal.ts'
import { sendUpdates } from '../stream/send-updates.ts'
import type { RestRoute } from './rest-routes.ts'

export interface RestOptions extends RequestDeps {
  readonly catalog: readonly Operation[]
  readonly methods: ReadonlyMap<string, A2aMethod>
  readonly challenge: Challenger
  readonly log: Logger
}

export function restHandler({ read }: RestRoute, options: RestOptions) {
  return async function handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    try {
      requireVersion(request)
      return await answer(reply, read(request), options)
    } catch (error) {
      const problem = asFault(error)
      logInternal(problem, request, options.log)
      const missingScope = scopeMissing(request, options.catalog)
      return sendRestRefusal(reply, problem, { challenge: options.challenge, missingScope })
    }
  }
}

async function answer(
  reply: FastifyReply,
  { method: name, params }: ReturnType<RestRoute['read']>,
  options: RestOptions,
) {
  const method = options.methods.get(name)
  if (method === undefined) throw new Error(`no method ${name}`)
  const caller = callerOf(reply.request, params, options.uri)
  await admitMethod(reply, { method, caller, version: '1.0' }, options)
  if (method.kind === 'answer') {
    const result = await method.answer(params, caller)
    return reply.type(`${A2A_CONTENT_TYPE}; charset=utf-8`).send(JSON.stringify(result))
  }
  const { request } = reply
  return sendUpdates(reply, method.stream(params, caller), {
    // Between bare updates an error needs a name to be told from them.
    failure: problem => ({ event: 'error', data: restErrorBody(problem, { requestId: request.id }) }),
    log: options.log,
    data: ({ response }) => StreamResponse.toJSON(response),
  })
}

/** These URLs are of 1.0 alone, so nobody has to say it; who says another version is not served. */
function requireVersion(request: FastifyRequest): void {
  const isSaid =
    request.headers['a2a-version'] !== undefined || request.url.toLowerCase().includes('a2a-version=')
  if (!isSaid || a2aVersion(request) === '1.0') return
  throw fault('unsupported', {
    reason: 'a2a_version',
    say: 'This URL speaks A2A 1.0; 0.3 is served over JSON-RPC.',
  })
}
