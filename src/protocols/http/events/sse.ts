// Writes server-sent events (WHATWG HTML, 9.2): numbered, so that a client resumes where it was cut off; with a comment
// when nothing was said for a while, so that no proxy takes the stream for dead; no faster than the client reads.
import type { FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import { asFault, type Fault } from '../../../platform/faults.ts'

export interface SseMessage {
  /** What the client sends back as Last-Event-ID. */
  readonly id?: number | string | undefined
  /** Without it clients call it `message`. */
  readonly event?: string
  /** Sent as JSON, in one line. */
  readonly data: unknown
}

export interface SseOptions {
  /** What is said of a fault that ends the stream, if anything. What ended it from outside is said nothing of. */
  readonly onFault?: (problem: Fault) => SseMessage | undefined
  readonly heartbeatMs?: number
  /** When a client that was cut off comes back. */
  readonly retryMs?: number
}

export const HEARTBEAT_MS = 15_000
const RETRY_MS = 1_000
const MAX_LISTENERS = 20
const HEARTBEAT = ': still here\n\n'

/**
 * Answers with the messages, one by one as they come. Wait for the first of what they are made of before (`beginStream`):
 * once this is called, a refusal can no longer be an answer of its own.
 */
export function sendEvents(
  reply: FastifyReply,
  messages: AsyncIterable<SseMessage>,
  options: SseOptions = {},
): FastifyReply {
  // Those of Fastify for a stream, and ours for what a request holds, are more than the ten that Node takes for a leak.
  reply.raw.setMaxListeners(MAX_LISTENERS)
  reply.request.isResumable = true
  return reply
    .code(200)
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-cache, no-store, no-transform')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(eventText(messages, options), { objectMode: true, highWaterMark: 1 }))
}

/** The text of the stream, piece by piece; a new piece is made when the one before it is on its way. */
export async function* eventText(
  messages: AsyncIterable<SseMessage>,
  { onFault, heartbeatMs = HEARTBEAT_MS, retryMs = RETRY_MS }: SseOptions = {},
): AsyncGenerator<string> {
  // The first bytes go at once: a client knows by them that it was let in.
  yield `retry: ${retryMs}\n\n`
  const source = messages[Symbol.asyncIterator]()
  try {
    let next = pulled(source)
    for (;;) {
      const result = await within(heartbeatMs, next)
      if (result === undefined) {
        yield HEARTBEAT
        continue
      }
      if (result.done === true) return
      yield sseText(result.value)
      next = pulled(source)
    }
  } catch (error) {
    const problem = asFault(error)
    const last = problem.code === 'cancelled' ? undefined : onFault?.(problem)
    if (last !== undefined) yield sseText(last)
  } finally {
    // Not awaited: what it still waits for ends with the request's signal.
    source.return?.(undefined).catch(() => undefined)
  }
}

/** JSON has no line break of its own, so one `data` line is always enough. */
export function sseText({ id, event, data }: SseMessage): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(event === undefined ? [] : [`event: ${event}`]),
    `data: ${JSON.stringify(data)}`,
  ]
  return `${lines.join('\n')}\n\n`
}

/** Its failure is heard when it is waited for; a client that has gone waits no more. */
function pulled(source: AsyncIterator<SseMessage>): Promise<IteratorResult<SseMessage>> {
  const next = source.next()
  next.catch(() => undefined)
  return next
}

/** Undefined when it took longer; it goes on all the same. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), ms)
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
