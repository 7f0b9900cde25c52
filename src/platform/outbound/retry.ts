// Whether and when a failed call to an operator's server may be made again.
import type { IncomingHttpHeaders } from 'node:http'

export interface RetrySettings {
  /** How often at most, the first time included. */
  readonly attempts: number
  /** The first pause is up to this long, the next up to twice as long, … */
  readonly firstPauseMs: number
  readonly longestPauseMs: number
  /** A longer Retry-After is not waited for here, but handed to the caller. */
  readonly longestRetryAfterMs: number
}

/** What went wrong, as far as it decides about another attempt. */
export interface Failure {
  /** Whether the server may have done what was asked. */
  readonly reached: 'no' | 'perhaps'
  /** Whether another attempt can come out differently at all. */
  readonly mayPass: boolean
  readonly retryAfterMs: number | undefined
}

const BUSY = 429
const PASSING = new Set([BUSY, 502, 503, 504])
/** Nothing was sent: the connection never came about. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
])
const BROKEN_OFF = new Set(['ECONNRESET', 'EPIPE'])
const LONGEST_REPORTED_MS = 3_600_000

/** The pause before attempt `attempt + 1` in milliseconds; undefined when there must be none. */
export function pauseAfter(
  failure: Failure,
  attempt: number,
  { settings, isSafeToRetry }: { readonly settings: RetrySettings; readonly isSafeToRetry: boolean },
): number | undefined {
  if (attempt >= settings.attempts || !failure.mayPass) return undefined
  if (failure.reached === 'perhaps' && !isSafeToRetry) return undefined
  const { retryAfterMs = 0 } = failure
  if (retryAfterMs > settings.longestRetryAfterMs) return undefined
  // Full jitter: callers that failed together must not come back together.
  const jitter = Math.random() * Math.min(settings.longestPauseMs, settings.firstPauseMs * 2 ** (attempt - 1))
  return retryAfterMs + jitter
}

/** Of a call that ended without an answer. A connection that was there may time out too, while it is read or written. */
export function connectionFailure(code: string, syscall?: string): Failure {
  const wasConnected = syscall === 'read' || syscall === 'write'
  const reached = NOT_CONNECTED.has(code) && !wasConnected ? 'no' : 'perhaps'
  return { reached, mayPass: reached === 'no' || BROKEN_OFF.has(code), retryAfterMs: undefined }
}

/** Of an answer that is not a success. 429 says that nothing was done; a 5xx may come from half-way. */
export function statusFailure(status: number, headers: IncomingHttpHeaders): Failure {
  return {
    reached: status === BUSY ? 'no' : 'perhaps',
    mayPass: PASSING.has(status),
    retryAfterMs: retryAfterMs(headers['retry-after']),
  }
}

/** RFC 9110 10.2.3: seconds or a date. At most an hour: what a server says is not trusted further. */
export function retryAfterMs(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined
  const isSeconds = /^\d+$/.test(value.trim())
  // Date.parse alone would take "-5" for a date.
  if (!isSeconds && !value.endsWith(' GMT')) return undefined
  const ms = isSeconds ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_REPORTED_MS)
}
