// What stands in the addresses of tasks.
import type { TaskState } from '../../../../src/protocols/client/task/task-shape.ts'

export const STATES: readonly TaskState[] = [
  'submitted',
  'working',
  'input_required',
  'auth_required',
  'completed',
  'failed',
  'canceled',
  'rejected',
]

export interface TasksParams {
  readonly state?: TaskState
}

export function tasksParams(given: Record<string, unknown>): TasksParams {
  const state = STATES.find(one => one === given['state'])
  return state === undefined ? {} : { state }
}

export interface TaskParams {
  /** The events as they came, instead of what they made. */
  readonly show?: 'events'
}

export function taskParams(given: Record<string, unknown>): TaskParams {
  return given['show'] === 'events' ? { show: 'events' } : {}
}
