// A task in the words of the article's interface: pending, running, completed, failed, cancelled. The exact state
// stands beside it.
import type { Task } from '../../../features/agents/tasks/task-shape.ts'
import type { TaskState } from '../../../features/agents/tasks/task-states.ts'

export type FacadeStatus = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled'

/** What waits for somebody has not ended: it runs on when the answer or the money is there. */
const STATUS = {
  submitted: 'pending',
  working: 'running',
  input_required: 'running',
  auth_required: 'running',
  completed: 'completed',
  failed: 'failed',
  rejected: 'failed',
  canceled: 'cancelled',
} as const satisfies Record<TaskState, FacadeStatus>

export function facadeStatus(state: TaskState): FacadeStatus {
  return STATUS[state]
}

/** Both names of its id are sent: clients of the article ask for either. */
export function facadeTask(task: Task): Record<string, unknown> {
  const { task_id: id, workflow, status, last_sequence, history, artifacts, context_id, ...rest } = task
  return {
    id,
    task_id: id,
    agent_id: workflow,
    workflow,
    status: facadeStatus(status.state),
    state: status.state,
    ...(status.say === undefined ? {} : { message: status.say }),
    ...(status.reason === undefined ? {} : { reason: status.reason }),
    ...(status.facts === undefined ? {} : { facts: status.facts }),
    context_id,
    ...rest,
    updated_at: status.at,
    last_event_id: last_sequence,
    events: `/tasks/${id}/events`,
    ...(artifacts === undefined ? {} : { artifacts }),
    ...(history === undefined ? {} : { history }),
  }
}
