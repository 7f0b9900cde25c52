// The task that every stream begins with.
import type { Task } from '../../../features/agents/tasks/task-shape.ts'
import { taskToWire } from '../codec/task-to-wire.ts'
import type { NumberedResponse } from '../methods/method.ts'

export interface SnapshotView {
  readonly uri: string
  readonly hasLog: boolean
  readonly historyLength?: number | undefined
  /** The event it stands at; by default the newest. */
  readonly sequence?: number
  /** The caller asked for what came after an event there is not: something may be missing before this. */
  readonly isGap?: boolean
}

export function taskSnapshot(task: Task, view: SnapshotView): NumberedResponse {
  const { uri, historyLength, hasLog, sequence = task.last_sequence, isGap = false } = view
  const log = hasLog || isGap ? { sequence, ...(isGap ? { gap: true } : {}) } : undefined
  return {
    sequence,
    response: { payload: { $case: 'task', value: taskToWire(task, { uri, historyLength, log }) } },
    isLast: false,
  }
}
