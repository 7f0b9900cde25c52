// POST /mcp: the Model Context Protocol, revision 2026-07-28 and, for older clients, 2025-11-25 and before. Stateless:
// every request is authenticated, limited and served by a server object of its own.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { missingScope } from '../../gate/authorize.ts'
import type { TenantPrincipal } from '../../gate/call.ts'
import type { Admission } from '../../gate/limits/memory-limiter.ts'
import type { Operation } from '../../gate/operation.ts'
import { rateLimited, type TierAdmission } from '../../gate/rate-limit.ts'
import { asFault } from '../../platform/faults.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { requestContext } from '../../platform/telemetry/request-context.ts'
import { endConnection, sendMethodNotAllowed } from '../http/door/admit-request.ts'
import { tellLimits } from '../http/door/tell-limits.ts'
import { asRefusal, refusal, sendRefusal } from '../http/http-faults.ts'
import { serverTiming } from '../http/server-timing.ts'
import { sendInsufficientScope, sendUnauthenticated, type Challenger } from './challenge.ts'
import { INVALID_REQUEST, jsonRpcError, METHOD_NOT_FOUND, PARSE_ERROR } from './mcp-faults.ts'
import { mcpHandler } from './mcp-handler.ts'
import { sendResponse } from './send-response.ts'
import { toolsOf, type RunForTenant } from './tools.ts'

export interface McpOptions {
  readonly catalog: readonly Operation[]
  readonly challenge: Challenger
  readonly authenticate: (authorization: string | undefined) => Promise<TenantPrincipal>
  readonly limitPrincipal: (principal: TenantPrincipal) => Promise<Admission>
  /** By the tenant's tier, for calls of tools that it counts: what a client asks to find its way is free. */
  readonly limitRequest: (principal: TenantPrincipal) => Promise<TierAdmission>
  readonly run: RunForTenant
  readonly version: string
  readonly log: Logger
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: TenantPrincipal | undefined
  }
}

const PATH = '/mcp'
const OTHER_METHODS = ['GET', 'HEAD', 'DELETE', 'PUT', 'PATCH', 'OPTIONS']

/** Mounts /mcp. Whoever has no valid token gets the same 401 whatever the method and the body. */
export function serveMcp(app: FastifyInstance, options: McpOptions): void {
  app.register((mcp, _options, registered) => {
    mcp.decorateRequest('principal')
    mcp.addHook('onRequest', (request, reply) => enter(request, reply, options))
    mcp.setErrorHandler((error, request, reply) => sendFailure(error, request, reply, options.log))
    mcp.post(
      PATH,
      { config: { traceparent: ({ body }) => messageOf(body).traceparent } },
      postHandler(options),
    )
    mcp.route({
      method: OTHER_METHODS,
      url: PATH,
      // Here, and not in the handler: nobody waits for the body of a DELETE.
      onRequest: async (_request, reply) => sendMethodNotAllowed(endConnection(reply), ['POST']),
      handler: async () => undefined,
    })
    registered()
  })
}

/** Before a byte of the body is read: who is it, and are they too fast. */
async function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  options: McpOptions,
): Promise<FastifyReply | undefined> {
  const context = requestContext()
  const started = performance.now()
  try {
    const identify = (): Promise<TenantPrincipal> => options.authenticate(request.headers.authorization)
    request.principal = await identify()
    request.admitted = { principal: request.principal, identify }
  } catch (error) {
    const problem = asFault(error)
    if (problem.code !== 'unauthenticated') throw error
    return sendUnauthenticated(endConnection(reply), problem, options.challenge)
  }
  const { tenantId, subject } = request.principal
  Object.assign(request.facts, { tenantId, userId: subject })
  if (context !== undefined) {
    Object.assign(context, { tenantId, userId: subject })
    context.timings.push({ name: 'authenticate', ms: performance.now() - started })
  }
  const admission = await options.limitPrincipal(request.principal)
  tellLimits(reply, admission.decisions)
  if (admission.allowed) return undefined
  return sendRefusal(endConnection(reply), refusal(rateLimited(admission)))
}

function postHandler({ catalog, challenge, limitRequest, run, version, log }: McpOptions) {
  const tools = toolsOf(catalog)
  const handle = mcpHandler({ tools, run, version, log })
  return async function post(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { principal, body } = request
    if (principal === undefined) throw new Error('nobody reaches this without a token')
    const { method, id, toolName } = messageOf(body)
    const refused = refusedMessage(body, method, id)
    if (refused !== undefined) return reply.code(refused.status).send(refused.error)

    const tool = toolName === undefined ? undefined : tools.get(toolName)
    if (method === 'tools/call' && tool?.operation.uncounted !== true) {
      const admission = await limitRequest(principal)
      tellLimits(reply, admission.decisions)
      if (!admission.allowed) return sendRefusal(reply, refusal(rateLimited(admission)))
    }
    const context = { principal, requestId: request.id, signal: request.gone }
    if (tool !== undefined) {
      request.facts.operation = tool.operation.name
      const scope = missingScope(tool.operation, principal)
      if (scope !== undefined) {
        // The gate refuses it at its first stage and puts that on record; what is sent is a challenge, no result.
        await run(tool.operation, {}, context).catch(() => undefined)
        return sendInsufficientScope(reply, scope, challenge)
      }
    }
    const response = await handle({ headers: request.headers, body, method, toolName, context })
    return sendResponse(reply, response, () => {
      if (principal.scopes.has('timing:read'))
        reply.header('server-timing', serverTiming(requestContext()?.timings))
    })
  }
}

interface Message {
  readonly method?: string
  readonly id?: unknown
  /** Set when the message is a tools/call that names one. */
  readonly toolName?: string
  readonly traceparent?: unknown
}

/** The few members of a message that are looked at before the SDK checks it. */
function messageOf(body: unknown): Message {
  if (!isObject(body)) return {}
  const { method, id } = body
  const params = isObject(body['params']) ? body['params'] : {}
  const meta = isObject(params['_meta']) ? params['_meta'] : {}
  return {
    id,
    traceparent: meta['traceparent'],
    ...(typeof method === 'string' ? { method } : {}),
    ...(method === 'tools/call' && typeof params['name'] === 'string' ? { toolName: params['name'] } : {}),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What the SDK would take and this server does not. */
function refusedMessage(body: unknown, method: string | undefined, id: unknown) {
  if (body === undefined) {
    return { status: 400, error: jsonRpcError(INVALID_REQUEST, 'The body must be one JSON-RPC message.') }
  }
  if (Array.isArray(body)) {
    const say = 'Send one JSON-RPC message a request: batches were removed from MCP in revision 2025-06-18.'
    return { status: 400, error: jsonRpcError(INVALID_REQUEST, say) }
  }
  if (method === 'subscriptions/listen') {
    // There is nothing to listen to, and an open stream for nothing could be held by the thousand.
    return { status: 404, error: jsonRpcError(METHOD_NOT_FOUND, 'This server sends no notifications.', id) }
  }
  return undefined
}

/** A body that cannot be read is an error of JSON-RPC; all else before the protocol is HTTP's. */
function sendFailure(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Logger,
): FastifyReply {
  const refused = asRefusal(error)
  if (refused.status >= 500) log.error({ err: error, request_id: request.id }, 'a request to /mcp failed')
  if (refused.status !== 400) return sendRefusal(reply, refused)
  const { reason, say } = refused.fault
  request.facts.fault = reason ?? refused.fault.code
  return reply.code(400).send(jsonRpcError(reason === 'malformed_json' ? PARSE_ERROR : INVALID_REQUEST, say))
}
