// What is known of a request while it runs, on Fastify's request object, and the one log line at its end:
// ids and names, never tokens, query texts or bodies.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { whenOver } from './when-over.ts'

export interface RequestFacts {
  traceId?: string
  tenantId?: string
  userId?: string
  /** The operation that was asked for, if there is one of that name. */
  operation?: string
  /** Why it was refused. */
  fault?: string
}

declare module 'fastify' {
  interface FastifyRequest {
    facts: RequestFacts
    /** Aborted when the connection ends before the answer does, or when a stopping server waits no longer. */
    gone: AbortSignal
  }
  interface FastifyContextConfig {
    /** Answers whatever the Host: for probes, which call a pod by its address. */
    anyHost?: true
    /** Logged at debug only, and under no address limit: for probes. */
    isProbe?: true
    /** Where else than in the header the caller may have put a traceparent. */
    traceparent?: (request: FastifyRequest) => unknown
  }
}

/** Logs the request when its answer is sent, or when its caller has gone (499). */
export function logAtEnd(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  // Fastify's own elapsedTime is 0 once the answer is closed.
  const started = performance.now()
  whenOver(reply, () => {
    const { traceId, tenantId, userId, operation, fault } = request.facts
    const status = reply.raw.writableFinished ? reply.raw.statusCode : 499
    const level = request.routeOptions.config?.isProbe ? 'debug' : 'info'
    log[level](
      {
        method: request.method,
        // The pattern, not the URL: a query string may hold anything.
        route: request.routeOptions.url ?? 'none',
        status,
        ms: Math.round((performance.now() - started) * 10) / 10,
        request_id: request.id,
        ...(traceId === undefined ? {} : { trace_id: traceId }),
        ...(tenantId === undefined ? {} : { tenant_id: tenantId }),
        ...(userId === undefined ? {} : { user_id: userId }),
        ...(operation === undefined ? {} : { operation }),
        ...(fault === undefined ? {} : { fault }),
      },
      'request',
    )
  })
}
