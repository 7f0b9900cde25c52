// Sends a stream of A2A: whatever refuses it comes as a plain answer before its first byte, and whatever ends it before
// its task does is its last event.
import type { FastifyReply } from 'fastify'
import { Fault } from '../../../platform/faults.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import { logInternal } from '../errors/log-internal.ts'
import type { Numbered } from '../methods/method.ts'
import { beginStream } from '../../http/events/begin-stream.ts'
import { sendEvents, type SseMessage } from '../../http/events/sse.ts'

export interface UpdateWords<T extends Numbered> {
  /** What stands in `data`, in the words of the binding. */
  readonly data: (event: T) => unknown
  readonly failure: (problem: Fault) => SseMessage
  readonly log: Logger
}

export async function sendUpdates<T extends Numbered>(
  reply: FastifyReply,
  events: AsyncGenerator<T>,
  { data, failure, log }: UpdateWords<T>,
): Promise<FastifyReply> {
  const { request } = reply
  const { all } = await beginStream(events)
  return sendEvents(reply, messagesOf(all, data), {
    onFault: problem => {
      // Nobody reads on, or the server stops: the client takes it up again after the last number it has.
      if (request.gone.aborted && !(request.gone.reason instanceof Fault)) return undefined
      request.facts.fault = problem.reason ?? problem.code
      logInternal(problem, request, log)
      return failure(problem)
    },
  })
}

async function* messagesOf<T extends Numbered>(
  events: AsyncGenerator<T>,
  data: (event: T) => unknown,
): AsyncGenerator<SseMessage> {
  for await (const event of events) {
    yield { id: event.sequence, data: data(event) }
    if (event.isLast) return
  }
}
