// Log lines: JSON on standard error, each with the ids of the request it belongs to.
import { trace as tracing } from '@opentelemetry/api'
import { pino, type Logger } from 'pino'
import { Fault } from '../faults.ts'
import { requestContext } from './request-context.ts'

export type { Logger }

/** Of the line itself, of an object in it, and of an object in that (`req.headers.authorization`). */
const SECRET_FIELDS = ['authorization', 'cookie', 'token', 'access_token', 'password'].flatMap(field => [
  field,
  `*.${field}`,
  `*.*.${field}`,
])

/** What an error's words may quote: a token, or the password in a URL. */
const SECRET_WORDS = /eyJ[\w-]+\.[\w-]+\.[\w-]*|(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g

/** `destination` is standard error, so that standard output stays free for data (and for stdio clients). */
export function createLogger(level: string, destination: NodeJS.WritableStream = process.stderr): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label }) },
      serializers: { err: described },
      redact: { paths: SECRET_FIELDS, censor: '[secret]' },
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
  if (!(error instanceof Error)) return spared(String(error))
  return {
    ...(error instanceof Fault ? { code: error.code } : { type: error.name }),
    message: spared(error.message),
    stack: spared(error.stack ?? ''),
    ...(error.cause instanceof Error ? { cause: spared(error.cause.message) } : {}),
  }
}

function spared(text: string): string {
  return text.replace(SECRET_WORDS, '[secret]')
}
