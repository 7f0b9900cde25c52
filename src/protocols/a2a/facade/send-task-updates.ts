// GET /tasks/{id}/events: a task from its beginning, or from where the client lost it, until it is over.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Fault } from '../../../platform/faults.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import { beginStream } from '../../http/events/begin-stream.ts'
import { sendEvents, type SseMessage } from '../../http/events/sse.ts'
import type { FollowPage } from '../task-operations.ts'
import type { FacadeOperations } from './facade-operations.ts'
import { lastEventId } from './last-event-id.ts'
import { taskUpdates } from './task-update.ts'

interface Following extends Pick<FacadeOperations, 'follow'> {
  readonly taskId: string
  readonly log: Logger
}

/** Throws what refuses the caller before the stream begins. */
export async function sendTaskUpdates(
  request: FastifyRequest,
  reply: FastifyReply,
  { taskId, follow, log }: Following,
): Promise<FastifyReply> {
  const after = lastEventId(request.headers['last-event-id']) ?? 0
  const { first, all } = await beginStream(follow(taskId, after, request))
  // A browser opens a stream that has ended again and again; at 204 it stops (WHATWG HTML, 9.2.3).
  if (first?.is_over === true && first.events.length === 0 && first.task === undefined) {
    await all.return(undefined)
    return reply.code(204).send()
  }
  return sendEvents(reply, updatesOf(all, taskId), {
    onFault: problem => {
      request.facts.fault = problem.reason ?? problem.code
      if (problem.code === 'internal')
        log.error({ err: problem, request_id: request.id }, 'a stream of /tasks broke')
      return ended(problem)
    },
  })
}

async function* updatesOf(pages: AsyncGenerator<FollowPage>, taskId: string): AsyncGenerator<SseMessage> {
  const toldOf = taskUpdates(taskId)
  for await (const page of pages) yield* toldOf(page)
}

/** Why it stops before the task does: not an update, so that nobody takes it for the task's end. */
function ended({ code, reason, say }: Fault): SseMessage {
  return { event: 'stream_ended', data: { code, ...(reason === undefined ? {} : { reason }), message: say } }
}
