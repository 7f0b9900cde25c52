// POST /api/<operation> with `Accept: text/event-stream`: an operation that can be followed, as a stream of its answers.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Follow } from '../../../gate/streams/follow.ts'
import type { NextInput } from '../../../gate/streams/open-stream.ts'
import type { Operation, ReadOperation } from '../../../gate/operation.ts'
import { Fault } from '../../../platform/faults.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import { beginStream } from '../../http/events/begin-stream.ts'
import { sendEvents, type SseMessage } from '../../http/events/sse.ts'
import { HTTP_STATUS, problemDocument } from '../../http/http-faults.ts'

export interface Followable extends ReadOperation {
  readonly follow: Follow
}

type Answer = Readonly<Record<string, unknown>>

export interface AnswerSource {
  /** Asks the operation again and again, as whoever sent the request. */
  readonly ask: (operation: Followable, input: unknown, next: NextInput) => AsyncGenerator<Answer>
  readonly log: Logger
}

/** The operation, where the request asks for a stream of it and it has one. */
export function followedBy(request: FastifyRequest, operation: Operation): Followable | undefined {
  const isFollowable = operation.realm === 'tenant' && operation.access === 'read'
  if (!isFollowable || operation.follow === undefined) return undefined
  const named = String(request.headers.accept ?? '')
    .split(',')
    .map(range => range.split(';', 1).join().trim().toLowerCase())
  // Whoever takes JSON too gets what every other operation answers.
  const isAsked = named.includes('text/event-stream') && !named.includes('application/json')
  return isAsked ? { ...operation, follow: operation.follow } : undefined
}

/** Throws what refuses the caller before the stream begins. */
export async function sendAnswers(
  operation: Followable,
  request: FastifyRequest,
  reply: FastifyReply,
  { ask, log }: AnswerSource,
): Promise<FastifyReply> {
  const messages = numbered(operation, request, ask)
  const { all } = await beginStream(messages)
  return sendEvents(reply, all, {
    onFault: problem => {
      // Nobody reads on, or the server stops: the client takes it up again after the last id it has.
      if (request.gone.aborted && !(request.gone.reason instanceof Fault)) return undefined
      request.facts.fault = problem.reason ?? problem.code
      if (problem.code === 'internal')
        log.error({ err: problem, request_id: request.id }, 'a stream of /api broke')
      return { event: 'problem', data: problemDocument(HTTP_STATUS[problem.code], problem, request) }
    },
  })
}

/** An answer that tells nothing new is not sent, but for the first: it tells how things stand. */
async function* numbered(
  operation: Followable,
  { body, headers }: FastifyRequest,
  ask: AnswerSource['ask'],
): AsyncGenerator<SseMessage> {
  const { follow } = operation
  let input = begun(follow, body, headers['last-event-id'])
  const next: NextInput = (asked, answer) => {
    const following = follow.next(asked, answer)
    if (following !== undefined) input = following
    return following
  }
  let last: string | undefined
  for await (const answer of ask(operation, input, next)) {
    const id = follow.idOf(input, answer)
    if (id !== last) yield { id, data: answer }
    last = id
  }
  // Without it nobody could tell an end from a connection that was cut.
  yield { event: 'end', data: {} }
}

/** What is no object is left to the operation's own check. */
function begun(follow: Follow, body: unknown, lastEventId: string | string[] | undefined): Answer {
  const sent = body ?? {}
  if (typeof sent !== 'object' || Array.isArray(sent)) return sent as Answer
  const id = lastEventId === undefined || lastEventId === '' ? undefined : String(lastEventId)
  return follow.begin(sent as Answer, id)
}
