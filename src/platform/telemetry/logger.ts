// Log lines: JSON on standard error, each with the ids of the request it belongs to.
import { trace as tracing } from '@opentelemetry/api'
import { pino, type Logger } from 'pino'
import { Fault } from '../faults.ts'
import { requestContext } from './request-context.ts'

export type { Logger }

/** `destination` is standard error, so that standard output stays free for data (and for stdio clients). */
export function createLogger(level: string, destination: NodeJS.WritableStream = process.stderr): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label }) },
      serializers: { err: described },
      redact: { paths: ['*.authorization', '*.token', 'authorization', 'token'], censor: '[secret]' },
      mixin: ids,
    },
    destination as never,
  )
}

function ids(): Record<string, string> {
  const request = requestContext()
  const span = tracing.getActiveSpan()?.spanContext()
  return {
    ...(request === undefined ? {} : { request_id: request.requestId }),
    ...(request?.tenantId === undefined ? {} : { tenant_id: request.tenantId }),
    ...(request?.userId === undefined ? {} : { user_id: request.userId }),
    ...(span === undefined ? {} : { trace_id: span.traceId }),
  }
}

/** An error for the log: a fault's code and detail, and the cause behind it. */
function described(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  return {
    ...(error instanceof Fault ? { code: error.code } : { type: error.name }),
    message: error.message,
    stack: error.stack,
    ...(error.cause instanceof Error ? { cause: error.cause.message } : {}),
  }
}
