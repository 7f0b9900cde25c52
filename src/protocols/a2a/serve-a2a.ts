// /a2a and /a2a/rest: the Agent2Agent protocol, 1.0 over JSON-RPC and HTTP+JSON and 0.3 over JSON-RPC. Nothing runs here:
// requests append to a task's log or read it, on any replica.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Operation } from '../../gate/operation.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { endConnection } from '../http/door/admit-request.ts'
import { parseJsonBody } from '../http/door/json-body.ts'
import { asRefusal } from '../http/http-faults.ts'
import type { Challenger } from '../mcp/challenge.ts'
import type { RunForTenant } from '../mcp/tools.ts'
import { a2aMethods } from './a2a-methods.ts'
import { admitCaller, type Admitting, type LimitRequest } from './door/admit-caller.ts'
import { sendEarlyRefusal } from './errors/send-refusal.ts'
import { legacyAnswers } from './jsonrpc/answer-legacy.ts'
import { postRpc } from './jsonrpc/post-rpc.ts'
import type { AgentCards } from './card/agent-cards.ts'
import { restHandler } from './rest/rest-handler.ts'
import { REST_ROUTES } from './rest/rest-routes.ts'
import { eventLogUri } from './stream/event-log-extension.ts'
import { taskOperations, type StreamForTenant } from './task-operations.ts'

export interface A2aOptions extends Admitting {
  readonly catalog: readonly Operation[]
  /** Of the resource /a2a. */
  readonly challenge: Challenger
  /** By the tenant's tier, for what begins a task or changes one. */
  readonly limitRequest: LimitRequest
  readonly run: RunForTenant
  readonly stream: StreamForTenant
  readonly cards: AgentCards
  readonly publicUrl: string
  readonly log: Logger
}

const RPC_PATH = '/a2a'
const REST_PATH = '/a2a/rest'

/** Mounts both bindings. Whoever has no valid token gets the same 401 whatever the method and the body. */
export function serveA2a(app: FastifyInstance, options: A2aOptions): void {
  const { catalog, cards, challenge, limitRequest, log, publicUrl } = options
  const uri = eventLogUri(publicUrl)
  const methods = a2aMethods({ operations: taskOperations(options), uri }, cards)
  const shared = { catalog, challenge, limitRequest, log, uri }
  const answerLegacy = legacyAnswers({ methods, cards, log, limitRequest, uri })
  app.register((a2a, _options, registered) => {
    a2a.decorateRequest('principal')
    parseBodies(a2a)
    a2a.addHook('onRequest', async (request, reply) => void (await admitCaller(request, reply, options)))
    a2a.setErrorHandler((error, request, reply) => refuse(error, request, reply, options))
    a2a.post(RPC_PATH, postRpc({ ...shared, methods: methods.named, answerLegacy }))
    for (const route of REST_ROUTES) {
      const handler = restHandler(route, { ...shared, methods: methods.named })
      for (const below of [REST_PATH, `${REST_PATH}/:tenant`]) {
        // Without HEAD: its answer ends at once, and what it follows would go on, counted and watched by nobody.
        a2a.route({ method: route.verb, url: `${below}${route.path}`, handler, exposeHeadRoute: false })
      }
    }
    registered()
  })
}

/** Both media types; a body may be absent where a URL says it all, whatever type its client announces for it. */
function parseBodies(a2a: FastifyInstance): void {
  a2a.removeContentTypeParser('application/json')
  const types = ['application/json', 'application/a2a+json']
  a2a.addContentTypeParser(types, { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body.length === 0 ? undefined : parseJsonBody(body as Buffer))
  })
}

/** What never reached a method: no token, too fast, a body that cannot be read. */
function refuse(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { challenge, log }: A2aOptions,
): FastifyReply {
  const refused = asRefusal(error)
  if (refused.status >= 500) log.error({ err: error, request_id: request.id }, 'a request to /a2a failed')
  const isRest = request.routeOptions.url?.startsWith(REST_PATH) === true
  return sendEarlyRefusal(request.body === undefined ? endConnection(reply) : reply, refused, {
    challenge,
    isRest,
  })
}
