// One attempt to post JSON whose answer comes bit by bit: its head, and a body that ends exactly once, whether it was read
// to its end, broke off, or nobody wanted it any more.
import type { IncomingMessage } from 'node:http'
import { fault, Fault } from '../../faults.ts'
import { bodyUpTo } from '../exchange.ts'
import { failed, sendOnce, type Attempt, type Way } from './post-once.ts'

export interface StreamedAnswer {
  readonly status: number
  readonly contentType: string
  /** To be read once. Whoever stops reading ends the request. */
  readonly body: AsyncIterable<Uint8Array>
  /** Resolves when nothing comes any more. */
  readonly ended: Promise<void>
}

interface Request {
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
  readonly maxBytes: number
}

/** Throws only what the way's signal was aborted with. */
export function streamOnce({ headers, body, maxBytes }: Request, way: Way): Promise<Attempt<StreamedAnswer>> {
  return sendOnce({ headers, body }, way, response => streamed(response, maxBytes, way))
}

function streamed(response: IncomingMessage, maxBytes: number, { name, signal }: Way): StreamedAnswer {
  const end = Promise.withResolvers<void>()
  // Also when nobody ever reads.
  response.once('close', end.resolve)
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? '',
    body: faulty(response, maxBytes, { name, signal }),
    ended: end.promise,
  }
}

/** What goes wrong with the body, in our own words. */
async function* faulty(
  response: IncomingMessage,
  maxBytes: number,
  { name, signal }: Pick<Way, 'name' | 'signal'>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bodyUpTo(response, maxBytes, () => failed(name, `sent an answer of more than ${maxBytes} bytes`))
  } catch (error) {
    if (signal.aborted) throw signal.reason instanceof Fault ? signal.reason : fault('cancelled')
    throw error instanceof Fault ? error : failed(name, 'broke off its answer')
  }
}
