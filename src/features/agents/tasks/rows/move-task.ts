// The one place where a task's state changes: by a move of the table, with the event that tells of it, in the caller's
// transaction.
import type { Writer } from '../../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../../platform/db/statements.ts'
import { fault, type Fault } from '../../../../platform/faults.ts'
import type { RunKey, StreamKey } from '../../../../platform/journal/journal.ts'
import { journalText } from '../../../../platform/journal/journal-text.ts'
import { storableText } from '../../../../platform/storable-text.ts'
import {
  isInterrupted,
  isTerminal,
  statesBefore,
  TRANSITIONS,
  type TaskMove,
  type TaskState,
} from '../task-states.ts'
import type { TaskStatus } from '../task-shape.ts'
import { tell } from './task-events.ts'
import { given } from './task-rows.ts'

export interface Move extends Pick<TaskStatus, 'say' | 'reason' | 'facts'> {
  readonly move: TaskMove
  /** Of `wait`: what would let it go on. */
  readonly waitingFor?: 'answer' | 'budget'
}

interface MoveParameters extends Record<string, unknown> {
  tenant_id: string
  id: string
  from: readonly TaskState[]
  to: TaskState
  say: string | null
  reason: string | null
  facts: string | null
  waiting_for: string | null
  ends: boolean
  waits: boolean
}
const moveTaskRow = sqlFile<MoveParameters, { state: TaskState }>(import.meta.url, './move-task.sql')

/**
 * Throws `task_ended` when the table has no way for it from where the task is, and `superseded` through the key of a run
 * that does not hold it any more: nothing of the transaction goes in.
 */
export async function moveTask(tx: Writer, key: StreamKey | RunKey, move: Move): Promise<void> {
  const { say, reason, facts, waitingFor } = move
  const from = statesBefore(move.move)
  const to = from.map(state => TRANSITIONS[state][move.move]).find(state => state !== null)
  if (to === undefined) throw fault('internal', { detail: `no state has the move ${move.move}` })
  // The event first: it holds the stream, in the order in which everybody does, and its epoch is asked.
  await tell(tx, key, { kind: 'state', state: to, ...given({ say, reason, facts }) })
  const moved = await tx.first(
    moveTaskRow({
      tenant_id: key.tenantId,
      id: key.streamId,
      from,
      to,
      say: say === undefined ? null : storableText(say).text,
      reason: reason ?? null,
      facts: facts === undefined ? null : journalText(facts),
      waiting_for: waitingFor ?? null,
      ends: isTerminal(to),
      waits: isInterrupted(to),
    }),
  )
  if (moved === undefined) throw taskEnded()
  // What is left of a run (a step that did not hear that it was over) writes nothing after this.
  if (isTerminal(to) || isInterrupted(to)) await fenceOff(tx, key)
}

export function taskEnded(): Fault {
  return fault('conflict', {
    reason: 'task_ended',
    say: 'The task has ended: nothing is added to it any more. Start a new one, in the same context if it belongs together.',
  })
}

/** Holds the task's stream until the transaction ends: whoever changes a task does it first. */
export async function holdTask(tx: Writer, { tenantId, streamId }: StreamKey): Promise<void> {
  await tx.run(
    sql`select from app.journal_stream where tenant_id = ${tenantId} and id = ${streamId} for no key update`,
  )
}

/** Whoever runs it now writes nothing more. */
export async function fenceOff(tx: Writer, { tenantId, streamId }: StreamKey): Promise<void> {
  await tx.run(
    sql`update app.journal_stream set epoch = epoch + 1 where tenant_id = ${tenantId} and id = ${streamId}`,
  )
}
