// The one error of the client: what the server refused, in its own words, or that it could not be reached. The wires have
// different shapes for it; programs see one.

/** The ways a call can fail; the server's own list. */
const CODES = [
  'unauthenticated',
  'forbidden',
  'not_found',
  'invalid_input',
  'conflict',
  'unsupported',
  'rate_limited',
  'budget_exceeded',
  'cancelled',
  'timeout',
  'unavailable',
  'internal',
] as const
export type GatehouseErrorCode = (typeof CODES)[number]

export interface GatehouseErrorWords {
  /** A stable word below the code, e.g. `unknown_task`. */
  readonly reason?: string
  /** When a retry can succeed. */
  readonly retryAfterMs?: number
  readonly facts?: Readonly<Record<string, unknown>>
  readonly because?: unknown
}

export class GatehouseError extends Error {
  override readonly name = 'GatehouseError'
  readonly code: GatehouseErrorCode
  /** One sentence that says what to do. */
  readonly say: string
  readonly reason: string | undefined
  readonly retryAfterMs: number | undefined
  readonly facts: Readonly<Record<string, unknown>> | undefined

  constructor(code: GatehouseErrorCode, say: string, words: GatehouseErrorWords = {}) {
    super(say, words.because === undefined ? undefined : { cause: words.because })
    this.code = code
    this.say = say
    this.reason = words.reason
    this.retryAfterMs = words.retryAfterMs
    this.facts = words.facts
  }
}

export function isCode(code: unknown): code is GatehouseErrorCode {
  return CODES.some(known => known === code)
}

const OF_STATUS: Readonly<Record<number, GatehouseErrorCode>> = {
  400: 'invalid_input',
  401: 'unauthenticated',
  402: 'budget_exceeded',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'invalid_input',
  415: 'unsupported',
  422: 'unsupported',
  429: 'rate_limited',
  499: 'cancelled',
  503: 'unavailable',
  504: 'timeout',
}

/** What an HTTP status alone says. Behind a proxy, 502 is an answer of nobody. */
export function codeOfStatus(status: number): GatehouseErrorCode {
  return OF_STATUS[status] ?? (status === 502 ? 'unavailable' : 'internal')
}

/** Of the error a tool's answer or a problem document (RFC 9457) carries; undefined where it is none of ours. */
export function errorFrom(told: unknown, headers?: Headers): GatehouseError | undefined {
  const { code, message, detail, reason, facts, retry_after_ms: retryAfterMs } = membersOf(told)
  const say = message ?? detail
  if (!isCode(code) || typeof say !== 'string') return undefined
  const wait = typeof retryAfterMs === 'number' ? retryAfterMs : retryAfter(headers)
  return new GatehouseError(code, say, {
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(typeof facts === 'object' && facts !== null ? { facts: membersOf(facts) } : {}),
  })
}

/** The Retry-After header, in milliseconds; the form with a date is not used by Gatehouse. */
export function retryAfter(headers: Headers | undefined): number | undefined {
  const seconds = headers?.get('retry-after') ?? ''
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined
}

/** The members of an object; none of anything else. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {}
}
