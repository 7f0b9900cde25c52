// POST /api/<operation>: every operation of the catalog over plain HTTP, for programs, the page and the command line.
// The port and the owner-only socket mount the same routes; they differ in who a caller may be.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { missingScope } from '../../gate/authorize.ts'
import type { Principal, TenantPrincipal } from '../../gate/call.ts'
import type { Admission } from '../../gate/limits/memory-limiter.ts'
import type { NextInput } from '../../gate/streams/open-stream.ts'
import type { Operation, ReadOperation } from '../../gate/operation.ts'
import { rateLimited, type TierAdmission } from '../../gate/rate-limit.ts'
import { fault, type Fault } from '../../platform/faults.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { requestContext } from '../../platform/telemetry/request-context.ts'
import { endConnection } from '../http/door/admit-request.ts'
import { tellLimits } from '../http/door/tell-limits.ts'
import { asRefusal, sendRefusal } from '../http/http-faults.ts'
import { serverTiming } from '../http/server-timing.ts'
import { apiChallenge } from './api-challenge.ts'
import { apiIndex } from './api-index.ts'
import { serveDownloads } from './downloads/serve-downloads.ts'
import { followedBy, sendAnswers, type Followable } from './events/send-answers.ts'
import { largestBody } from './largest-body.ts'
import { openApiDocument } from './openapi/openapi-document.ts'

export interface ApiContext {
  readonly requestId: string
  readonly signal: AbortSignal
}

export interface ApiOptions {
  readonly catalog: readonly Operation[]
  /** Who calls: the only source of the principal. Throws `unauthenticated`. */
  readonly identify: (request: FastifyRequest) => Promise<Principal>
  readonly limitPrincipal: (principal: TenantPrincipal) => Promise<Admission>
  /** By the tenant's tier, for operations that it counts. */
  readonly limitRequest: (principal: TenantPrincipal) => Promise<TierAdmission>
  readonly run: (
    operation: Operation,
    rawInput: unknown,
    principal: Principal,
    context: ApiContext,
  ) => Promise<Record<string, unknown>>
  /** Asks a read operation again and again; `next` makes each further input from the answer before it. */
  readonly stream: (
    operation: ReadOperation,
    rawInput: unknown,
    asked: { readonly principal: Principal; readonly context: ApiContext },
    next: NextInput,
  ) => AsyncGenerator<Record<string, unknown>>
  readonly publicUrl: string
  readonly version: string
  readonly log: Logger
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Principal | undefined
  }
}

/** Mounts /api. Whoever brings no valid credential gets the same 401 for every operation, known or not. */
export function serveApi(app: FastifyInstance, options: ApiOptions): void {
  const { catalog, publicUrl, version } = options
  const index = apiIndex(publicUrl, version)
  const description = JSON.stringify(openApiDocument(catalog, { publicUrl, version }))
  app.get('/api', async () => index)
  app.get('/api/openapi.json', async (_request, reply) =>
    reply
      .type('application/json; charset=utf-8')
      .header('cache-control', 'public, max-age=300')
      .send(description),
  )
  app.register((api, _options, registered) => {
    api.decorateRequest('caller')
    api.addHook('onRequest', (request, reply) => enter(request, reply, options))
    api.setErrorHandler((error, request, reply) => refuse(error, request, reply, options))
    for (const operation of catalog) {
      api.post(
        `/api/${operation.name}`,
        { bodyLimit: largestBody(operation), onRequest: tierCounter(operation, options) },
        operationHandler(operation, options),
      )
    }
    serveDownloads(api, {
      catalog,
      log: options.log,
      run: (request, operation, input) => runAsCaller(operation, input, request, options),
      counter: operation => tierCounter(operation, options),
    })
    api.post('/api/*', async () => {
      throw noSuchOperation()
    })
    registered()
  })
}

/** Before a byte of the body is read: who is it, and are they too fast. */
async function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  { identify, limitPrincipal }: ApiOptions,
): Promise<void> {
  const context = requestContext()
  const started = performance.now()
  const caller = await identify(request)
  context?.timings.push({ name: 'authenticate', ms: performance.now() - started })
  request.caller = caller
  request.admitted = { principal: caller, identify: () => identify(request) }
  request.facts.userId = caller.subject
  if (context !== undefined) context.userId = caller.subject
  // Operators are not limited: they are who would lift the limit.
  if (caller.realm === 'deployment') return
  request.facts.tenantId = caller.tenantId
  if (context !== undefined) context.tenantId = caller.tenantId
  const admission = await limitPrincipal(caller)
  tellLimits(reply, admission.decisions)
  if (!admission.allowed) throw rateLimited(admission)
}

/** After enter, and also before the body. */
function tierCounter({ uncounted }: Operation, { limitRequest }: ApiOptions) {
  return async function countForTier({ caller }: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (caller?.realm !== 'tenant' || uncounted === true) return
    const admission = await limitRequest(caller)
    tellLimits(reply, admission.decisions)
    if (!admission.allowed) throw rateLimited(admission)
  }
}

function operationHandler(operation: Operation, options: ApiOptions) {
  return async function handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const followed = followedBy(request, operation)
    if (followed !== undefined) return follow(followed, request, reply, options)
    const output = await runAsCaller(operation, request.body, request, options)
    if (request.caller?.realm === 'tenant' && request.caller.scopes.has('timing:read'))
      reply.header('server-timing', serverTiming(requestContext()?.timings))
    return reply.send(output)
  }
}

async function follow(
  operation: Followable,
  request: FastifyRequest,
  reply: FastifyReply,
  { stream, log }: ApiOptions,
): Promise<FastifyReply> {
  const principal = callerOf(operation, request)
  const context = { requestId: request.id, signal: request.gone }
  return sendAnswers(operation, request, reply, {
    ask: (asked, input, next) => stream(asked, input, { principal, context }, next),
    log,
  })
}

async function runAsCaller(
  operation: Operation,
  input: unknown,
  request: FastifyRequest,
  { run }: ApiOptions,
): Promise<Record<string, unknown>> {
  const caller = callerOf(operation, request)
  return run(operation, input, caller, { requestId: request.id, signal: request.gone })
}

/** Throws `not_found` for an operation of the other realm. */
function callerOf(operation: Operation, request: FastifyRequest): Principal {
  const { caller } = request
  if (caller === undefined) throw new Error('nobody reaches this without a principal')
  if (caller.realm !== operation.realm) throw noSuchOperation()
  request.facts.operation = operation.name
  request.isResumable = operation.waits === true
  return caller
}

/** Says the same of a name that does not exist and of one that is for other callers. */
function noSuchOperation(): Fault {
  return fault('not_found', {
    reason: 'unknown_operation',
    say: 'There is no such operation for this caller; GET /api/openapi.json lists them all.',
  })
}

function refuse(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { log, catalog }: ApiOptions,
): FastifyReply {
  const refused = asRefusal(error)
  if (refused.status >= 500) log.error({ err: error, request_id: request.id }, 'a request to /api failed')
  const challenge = apiChallenge(refused.fault, scopeAsked(request, catalog))
  if (challenge !== undefined) reply.header('www-authenticate', challenge)
  return sendRefusal(request.body === undefined ? endConnection(reply) : reply, refused)
}

/** The scope that the operation asked for needs and the caller lacks. */
function scopeAsked({ caller, facts }: FastifyRequest, catalog: readonly Operation[]): string | undefined {
  const operation = catalog.find(({ name }) => name === facts.operation)
  return operation === undefined || caller === undefined ? undefined : missingScope(operation, caller)
}
