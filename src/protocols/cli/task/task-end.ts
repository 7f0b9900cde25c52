// What the end of a task is for a command: its exit code, and for one that waits what to do.
import { hasEnded, type TaskSnapshot } from '../../client/task/task-shape.ts'
import { FAULTS, fault, type Fault, type FaultCode } from '../../../platform/faults.ts'

/** Why tasks end early, where the reason is no fault's own code. All else is a task that failed (5). */
const CODES: Readonly<Record<string, FaultCode>> = {
  auth_expired: 'unauthenticated',
  canceled: 'cancelled',
  deadline: 'timeout',
  gave_up: 'unavailable',
  insufficient_scope: 'forbidden',
}

/** Of a task that has ended in another way than it should; undefined where it is completed or goes on. */
export function faultOf({
  status,
  task_id: id,
}: Pick<TaskSnapshot, 'status' | 'task_id'>): Fault | undefined {
  const { state, say, reason } = status
  if (state === 'completed' || !hasEnded(state)) return undefined
  const why = reason ?? (state === 'canceled' ? 'canceled' : undefined)
  return fault(codeOf(why), {
    reason: why ?? `task_${state}`,
    say: say ?? `The task ${id} was ${state}.`,
    facts: { task_id: id, state },
  })
}

function codeOf(reason = ''): FaultCode {
  if (Object.hasOwn(CODES, reason)) return CODES[reason] ?? 'conflict'
  // Never 1, which says that the command itself went wrong.
  return Object.hasOwn(FAULTS, reason) && reason !== 'internal' ? (reason as FaultCode) : 'conflict'
}
