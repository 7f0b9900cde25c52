// GET /tasks/{id}/events: a task's progress in words, for pages and scripts that need no more.
import type { Piece } from '../events/resume-stream.ts'
import { readEvents } from '../events/read-events.ts'
import { errorFrom, GatehouseError, membersOf } from '../gatehouse-error.ts'
import { jsonOf, refusedBy, unanswered, type Send } from '../sending.ts'

export interface FacadeUpdate {
  readonly task_id: string
  /** pending, running, completed, failed or cancelled. */
  readonly status: string
  readonly message: string
  /** E.g. search_complete. */
  readonly event?: string
  readonly timestamp: string
  readonly [more: string]: unknown
}

const ENDED: ReadonlySet<unknown> = new Set(['completed', 'failed', 'cancelled'])

/** One connection to it. */
export async function* eventsOfTask(
  send: Send,
  taskId: string,
  after: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Piece<FacadeUpdate>> {
  const answer = await send({
    path: `/tasks/${encodeURIComponent(taskId)}/events`,
    headers: {
      accept: 'text/event-stream',
      ...(after === undefined ? {} : { 'last-event-id': String(after) }),
    },
    signal,
  })
  if (answer.status === 204)
    throw new GatehouseError('unsupported', 'The task has ended and all was said.', { reason: 'task_ended' })
  if (!answer.ok || answer.body === null) throw refusedBy(answer, await jsonOf(answer, signal))
  try {
    for await (const { id, event, data } of readEvents(answer.body)) {
      const told = membersOf(JSON.parse(data))
      if (event === 'stream_ended') throw errorFrom(told) ?? unanswered(undefined)
      const item = told as FacadeUpdate
      const rest = ENDED.has(item.status) ? ('ended' as const) : undefined
      const isSnapshot = item.event === 'snapshot'
      yield { sequence: Number(id), item, isSnapshot, isGap: isSnapshot, rest }
    }
  } catch (error) {
    throw unanswered(error, signal)
  }
}
