// A `fetch` for the AI SDK that leaves through platform/outbound: one origin, a place in the queue, a breaker, a deadline.
import { fault } from '../../faults.ts'
import type { CallEar, Destination } from '../../outbound/destination.ts'

/** Some hundred thousand tokens, each in an event of its own. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024

type Fetch = typeof globalThis.fetch

/** Answers are 2xx, or a fault is thrown. Of a request only path, headers, text and signal are used. */
export function outboundFetch(destination: Destination, ear: CallEar | undefined): Fetch {
  return async (input, init = {}) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input)
    const { body, signal, headers } = init
    if (typeof body !== 'string')
      throw fault('internal', { detail: 'the SDK posts something else than text' })
    const answer = await destination.stream({
      path: `${pathname}${search}`,
      headers: Object.fromEntries(new Headers(headers)),
      body,
      maxBytes: MAX_ANSWER_BYTES,
      ear,
      ...(signal ? { signal } : {}),
    })
    return new Response(ReadableStream.from(answer.body), {
      status: answer.status,
      headers: { 'content-type': answer.contentType },
    })
  }
}
