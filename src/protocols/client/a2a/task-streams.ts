// What of a task is followed over A2A: a message that begins it, a task that is there, the progress in words. Each is one
// stream to its reader, however many connections it takes.
import { resumeStream, type Patience, type Piece } from '../events/resume-stream.ts'
import type { Send } from '../sending.ts'
import { eventsOfTask, type FacadeUpdate } from './facade-events.ts'
import type { Asking } from './rpc.ts'
import { pieceOf, type TaskUpdate } from './wire-task.ts'

type Members = Readonly<Record<string, unknown>>

export interface StreamDeps {
  readonly send: Send
  readonly canRenew: boolean
  readonly patience: Patience | undefined
  /** One connection: its results, each with the id of its event. */
  readonly results: (
    asking: Omit<Asking, 'extension'>,
  ) => AsyncIterable<{ readonly id: string; readonly result: Members }>
  /** Of the task's newest event. */
  readonly newestOf: (taskId: string) => Promise<number>
}

interface Following {
  readonly after?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface TaskStreams {
  /** `params` of SendStreamingMessage, with a message id. */
  begin(params: Members, signal?: AbortSignal): AsyncGenerator<TaskUpdate>
  subscribe(taskId: string, following?: Following): AsyncGenerator<TaskUpdate>
  streamTaskEvents(taskId: string, following?: Following): AsyncGenerator<FacadeUpdate>
}

export function taskStreams({ send, canRenew, patience, results, newestOf }: StreamDeps): TaskStreams {
  const resuming = { canRenew, patience }

  async function* pieces(asking: Omit<Asking, 'extension'>): AsyncGenerator<Piece<TaskUpdate>> {
    for await (const { id, result } of results(asking)) yield pieceOf(result, id)
  }

  const subscription = (taskId: string, { after, signal }: Following) =>
    pieces({ method: 'SubscribeToTask', params: { id: taskId }, lastEventId: after, signal })

  /** Nothing came after it. */
  const isNewest = async (taskId: string, { sequence }: TaskUpdate): Promise<boolean> =>
    (await newestOf(taskId)) === sequence

  return {
    begin(params, signal) {
      let taskId: string | undefined
      // Cut before its first event, it is sent once more: the same message is the same task.
      const begun = async function* (connection: AbortSignal): AsyncGenerator<Piece<TaskUpdate>> {
        for await (const piece of pieces({ method: 'SendStreamingMessage', params, signal: connection })) {
          if (piece.item.kind === 'snapshot') taskId = piece.item.task.task_id
          yield piece
        }
      }
      return resumeStream({
        ...resuming,
        signal,
        isStillWaiting: async update => taskId !== undefined && isNewest(taskId, update),
        open: (after, connection) =>
          taskId === undefined ? begun(connection) : subscription(taskId, { after, signal: connection }),
      })
    },
    subscribe: (taskId, { after, signal } = {}) =>
      resumeStream({
        ...resuming,
        after,
        signal,
        // Whoever follows a task that waits already wants to hear when it goes on.
        isStillWaiting: async update => update.kind !== 'snapshot' && isNewest(taskId, update),
        open: (last, connection) => subscription(taskId, { after: last, signal: connection }),
      }),
    streamTaskEvents: (taskId, { after, signal } = {}) =>
      resumeStream({
        ...resuming,
        after,
        signal,
        open: (last, connection) => eventsOfTask(send, taskId, last, connection),
      }),
  }
}
