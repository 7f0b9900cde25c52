// The events of a task, as they lie in the journal and as followers see them. The words of an event are all in the
// journal: nothing of it is looked up when it is read.
import type { Writer } from '../../../../platform/db/database.ts'
import {
  append,
  type JournalEvent,
  type RunKey,
  type StreamKey,
} from '../../../../platform/journal/journal.ts'
import type { TaskEvent } from '../task-shape.ts'

type Told = TaskEvent extends infer One
  ? One extends TaskEvent
    ? Omit<One, 'sequence' | 'at'>
    : never
  : never

/** Writes the event in the caller's transaction; through a run's key only while the run holds the task. */
export async function tell(tx: Writer, key: StreamKey | RunKey, event: Told): Promise<void> {
  const { kind, ...data } = event
  await append(tx, key, kind, data)
}

/** Nobody but `tell` writes to a task's stream. */
export function eventOf({ sequence, at, kind, data }: JournalEvent): TaskEvent {
  return { ...(data as object), kind, sequence, at: at.toISOString() } as TaskEvent
}
