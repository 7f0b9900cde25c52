// One attempt to post JSON to an operator's server: the answer's JSON, or what is known about the failure. Neither
// the request's headers (a key) nor the answer's body ever get into a fault: the status and the name must do.
import type { Agent, IncomingMessage } from 'node:http'
import { fault, Fault } from '../../faults.ts'
import { bodyUpTo, exchange, isPlain } from '../exchange.ts'
import { connectionFailure, statusFailure, type Failure } from '../retry.ts'

/**
 * `isAlive`: the server answers, whatever it says. A refusal (4xx) is alive: pausing would not make it a yes.
 * `isUndone`: nothing was done for it that anybody could ask money for.
 */
export type Attempt<T = unknown> =
  | { readonly isAlive: boolean; readonly value: T }
  | {
      readonly isAlive: boolean
      readonly failure: Failure
      readonly fault: Fault
      readonly isUndone: boolean
    }

interface Request {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json: unknown
  readonly maxBytes: number
}

export interface Way {
  readonly name: string
  readonly url: URL
  readonly agent: Agent
  readonly signal: AbortSignal
}

/** A gateway does not know what became of the request behind it; 520 and 524 are Cloudflare's for that. */
const UNKNOWN_TO_GATEWAYS = new Set([408, 502, 504, 520, 524])

/** Throws only what `signal` was aborted with. */
export function postOnce({ headers, json, maxBytes }: Request, way: Way): Promise<Attempt> {
  const body = JSON.stringify(json)
  return sendOnce({ headers, body }, way, response => parsed(way.name, response, maxBytes))
}

interface Sending {
  readonly headers: Readonly<Record<string, string>> | undefined
  /** JSON. */
  readonly body: string
}

/** The same for any answer: `read` makes the value of a 2xx one. */
export async function sendOnce<T>(
  { headers, body }: Sending,
  way: Way,
  read: (response: IncomingMessage) => T | Promise<T>,
): Promise<Attempt<T>> {
  const { name, url, agent, signal } = way
  try {
    signal.throwIfAborted()
    const length = String(Buffer.byteLength(body))
    const response = await exchange({
      url,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-length': length },
      body,
      signal,
      agent,
    })
    return await judged(name, response, read)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof Fault) return unusable(error)
    const { code = 'no code', syscall } = (error ?? {}) as NodeJS.ErrnoException
    const failure = connectionFailure(code, syscall)
    return {
      isAlive: false,
      failure,
      isUndone: failure.reached === 'no',
      fault: failed(name, 'could not be reached, or broke off', {
        detail: `calling ${name} failed: ${code}`,
      }),
    }
  }
}

async function judged<T>(
  name: string,
  response: IncomingMessage,
  read: (response: IncomingMessage) => T | Promise<T>,
): Promise<Attempt<T>> {
  const status = response.statusCode ?? 0
  if (status >= 200 && status < 300) {
    if (!isPlain(response)) {
      response.destroy()
      return unusable(failed(name, 'sent a compressed answer that was not asked for'))
    }
    return { isAlive: true, value: await read(response) }
  }
  response.destroy()
  const failure = statusFailure(status, response.headers)
  const isBusy = status === 429
  return {
    isAlive: status < 500,
    failure,
    isUndone: !UNKNOWN_TO_GATEWAYS.has(status),
    fault: failed(name, `answered with status ${status}`, {
      reason: isBusy ? 'provider_busy' : 'provider_failed',
      retryAfterMs: failure.retryAfterMs,
    }),
  }
}

async function parsed(name: string, response: IncomingMessage, maxBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = []
  const tooLarge = (): Fault => failed(name, `sent an answer of more than ${maxBytes} bytes`)
  try {
    for await (const chunk of bodyUpTo(response, maxBytes, tooLarge)) chunks.push(chunk)
  } catch (error) {
    // The head was there: what broke afterwards is not repeated.
    if (error instanceof Fault) throw error
    throw failed(name, 'broke off its answer')
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  } catch {
    // The parser's words quote what it could not read.
    throw failed(name, 'sent an answer that is not JSON')
  }
}

function unusable(because: Fault): Attempt<never> {
  return {
    isAlive: false,
    isUndone: false,
    failure: { reached: 'perhaps', mayPass: false, retryAfterMs: undefined },
    fault: because,
  }
}

/** The fault of a server that did something else than answer: "<name> <what>." */
export function failed(
  name: string,
  what: string,
  more: { reason?: string; retryAfterMs?: number | undefined; detail?: string } = {},
): Fault {
  const { reason = 'provider_failed', retryAfterMs, detail } = more
  return fault('unavailable', {
    reason,
    say: `${name} ${what}.`,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
