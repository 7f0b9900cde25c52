// What can become of a task: one total table, which the compiler checks and the tests read. Whatever it refuses, no
// code can do; the database keeps what has ended besides (trigger keep_ended).

export const TASK_STATES = [
  'submitted',
  'working',
  'input_required',
  'auth_required',
  'completed',
  'failed',
  'canceled',
  'rejected',
] as const
export type TaskState = (typeof TASK_STATES)[number]

/** begin: a run has taken it. wait: it needs an answer or money. wake: what it waited for is there. */
export type TaskMove = 'begin' | 'wait' | 'wait_for_auth' | 'wake' | 'complete' | 'fail' | 'cancel' | 'reject'

/** Terminal states have no way out; `null` is a move that is refused. */
export const TRANSITIONS = {
  // biome-ignore format: a table
  submitted:      { begin: 'working', wait: null,             wait_for_auth: null,            wake: null,      complete: null,        fail: 'failed', cancel: 'canceled', reject: 'rejected' },
  // biome-ignore format: a table
  working:        { begin: 'working', wait: 'input_required', wait_for_auth: 'auth_required', wake: null,      complete: 'completed', fail: 'failed', cancel: 'canceled', reject: 'rejected' },
  // biome-ignore format: a table
  input_required: { begin: null,      wait: null,             wait_for_auth: null,            wake: 'working', complete: null,        fail: 'failed', cancel: 'canceled', reject: null },
  // biome-ignore format: a table
  auth_required:  { begin: null,      wait: null,             wait_for_auth: null,            wake: 'working', complete: null,        fail: 'failed', cancel: 'canceled', reject: null },
  completed: noWayOut(),
  failed: noWayOut(),
  canceled: noWayOut(),
  rejected: noWayOut(),
} as const satisfies Record<TaskState, Record<TaskMove, TaskState | null>>

/** Hoisted: the table above reads it. */
function noWayOut() {
  return {
    begin: null,
    wait: null,
    wait_for_auth: null,
    wake: null,
    complete: null,
    fail: null,
    cancel: null,
    reject: null,
  } as const
}

/** Whether it has ended: nothing about it changes any more. */
export function isTerminal(state: TaskState): boolean {
  return Object.values<TaskState | null>(TRANSITIONS[state]).every(next => next === null)
}

/** Whether it waits for somebody: it holds nothing, and its time stands still. */
export function isInterrupted(state: TaskState): boolean {
  return TRANSITIONS[state].wake !== null
}

/** The states from which a move leads to `to`. */
export function statesBefore(move: TaskMove): TaskState[] {
  return TASK_STATES.filter(state => TRANSITIONS[state][move] !== null)
}
