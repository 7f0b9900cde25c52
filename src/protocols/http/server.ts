// The HTTP server: ids, limits, security headers, log lines and refusals of every request. What it serves is mounted
// by the protocols; it knows no route of its own.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { context } from '@opentelemetry/api'
import {
  fastify,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify'
import type { Concurrency } from '../../gate/limits/concurrency.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { inRequest } from '../../platform/telemetry/request-context.ts'
import { trace, traceId } from '../../platform/telemetry/trace.ts'
import { admitRequest, type DoorOptions } from './door/admit-request.ts'
import { asRefusal, sendRefusal } from './http-faults.ts'
import { parseJsonBody } from './door/json-body.ts'
import { endFlood } from './door/requests-in-a-row.ts'
import { logAtEnd } from './request-facts.ts'
import { routeMethods, type Route } from './door/route-methods.ts'
import { dropSlowReader, SLOW_READER_MS } from './door/slow-reader.ts'
import { takeAddressPlace, takeCallerPlace } from './door/take-place.ts'
import { runningRequests, type RunningRequests } from './running-requests.ts'
import { contextBelow } from '../../platform/telemetry/trace-parent.ts'

export interface HttpServerOptions extends Omit<DoorOptions, 'methodsOf'> {
  readonly log: Logger
  /** Clients reach this server over https: tell browsers never to come without it. */
  readonly isHttps: boolean
  /** How much may be under way at once; without it, anything (the owner-only socket). */
  readonly concurrency?: Concurrency
  /** How long an answer may wait for a reader who reads nothing; a minute by default. */
  readonly slowReaderMs?: number
}

export interface HttpServer extends Pick<RunningRequests, 'stop'> {
  readonly app: FastifyInstance
  /** Every route that was mounted. */
  readonly routes: () => readonly Route[]
}

export const BODY_LIMIT = 4 * 1024 * 1024

export function httpServer(options: HttpServerOptions): HttpServer {
  const { log } = options
  const app = bareServer()
  const running = runningRequests(app)
  const methods = routeMethods()
  app.decorateRequest('facts')
  app.decorateRequest('gone')
  app.addHook('onRoute', route => {
    methods.add(route)
    traceHandler(route)
  })
  beginRequests(app, options, running)
  app.addHook('onRequest', admitRequest({ ...options, methodsOf: methods.of }))
  limitRunning(app, options)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, parseJsonBody(body as Buffer))
  })
  app.setErrorHandler((error, request, reply) => {
    const refused = asRefusal(error)
    if (refused.status >= 500) log.error({ err: error, request_id: request.id }, 'a request failed')
    return sendRefusal(reply, refused)
  })
  return { app, stop: running.stop, routes: methods.all }
}

function bareServer(): FastifyInstance {
  return fastify({
    bodyLimit: BODY_LIMIT,
    genReqId: requestId,
    // Slow senders: 10 s for the headers, 30 s for all of a request; answers take as long as they take.
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16_384 },
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (error, request, reply) => {
      request.facts = {}
      sendRefusal(reply, asRefusal(error))
    },
  })
}

/** Ids, headers and the log line: what every request has, refused or not. */
function beginRequests(
  app: FastifyInstance,
  { log, isHttps }: HttpServerOptions,
  running: RunningRequests,
): void {
  const securityHeaders = {
    ...SECURITY_HEADERS,
    ...(isHttps ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  }
  app.addHook('onRequest', (request, reply, done) => {
    request.facts = {}
    if (endFlood(request, reply)) return
    request.gone = running.begin(reply)
    reply.headers({ ...securityHeaders, 'x-request-id': request.id })
    logAtEnd(log, request, reply)
    inRequest(request.id, done)
  })
}

/** What a request may hold while it is under way, and for how long its answer waits for a reader. */
function limitRunning(app: FastifyInstance, options: HttpServerOptions): void {
  const { concurrency: places, slowReaderMs = SLOW_READER_MS } = options
  if (places !== undefined) {
    app.addHook('onRequest', async (request, reply) => takeAddressPlace(request, reply, places))
    app.addHook('preParsing', async (request, reply) => takeCallerPlace(request, reply, places))
  }
  app.addHook('onSend', async (_request, reply, payload) => {
    const isText = payload === undefined || payload === null || typeof payload === 'string'
    dropSlowReader(reply, !(isText || Buffer.isBuffer(payload)), slowReaderMs)
  })
}

const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** The caller's id if it is a plain one: it goes into log lines and headers. */
function requestId({ headers }: { headers: IncomingMessage['headers'] }): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : randomUUID()
}

/** Runs the route's handler in a span below the caller's. */
function traceHandler(route: RouteOptions): void {
  const { handler, url, config } = route
  route.handler = function (request: FastifyRequest, reply: FastifyReply) {
    const parent = config?.traceparent?.(request) ?? request.headers['traceparent']
    return context.with(contextBelow(parent), () =>
      trace(`${request.method} ${url}`, () => {
        request.facts.traceId = traceId()
        return handler.call(this, request, reply)
      }),
    )
  }
}

/** What is no HTTP at all never becomes a request: it gets a bare answer on its socket. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = UNREADABLE[error.code ?? ''] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`, () => socket.destroy())
}

const UNREADABLE: Record<string, string> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}
