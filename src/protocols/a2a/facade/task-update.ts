// What followers of the article's interface are told: every event of a task as a `task_update`, numbered, in its order.
import type { Task, TaskEvent } from '../../../features/agents/tasks/task-shape.ts'
import { isTerminal, type TaskState } from '../../../features/agents/tasks/task-states.ts'
import type { SseMessage } from '../../http/events/sse.ts'
import type { FollowPage } from '../task-operations.ts'
import { facadeStatus } from './facade-task.ts'

const SAID: Record<TaskState, string> = {
  submitted: 'The task was accepted',
  working: 'The task is running',
  input_required: 'The task waits for an answer',
  auth_required: 'The task waits for a new authorization',
  completed: 'The task is completed',
  failed: 'The task failed',
  canceled: 'The task was cancelled',
  rejected: 'The task was rejected',
}

/** The updates of one task. Only a state says what has become of it; what else happens, happens while it runs. */
export function taskUpdates(taskId: string): (page: FollowPage) => SseMessage[] {
  let state: TaskState = 'working'
  const update = (id: number, timestamp: string, said: Record<string, unknown>): SseMessage => ({
    id,
    event: 'task_update',
    data: { task_id: taskId, status: facadeStatus(state), ...said, timestamp },
  })
  return ({ task, events, last_sequence }) => {
    const updates: SseMessage[] = []
    // Its client had an id that this task never gave: it learns how things stand, and goes on from there.
    if (task !== undefined) {
      state = task.status.state
      updates.push(update(last_sequence, task.status.at, { event: 'snapshot', ...saidOfState(task.status) }))
    }
    for (const event of events) {
      if (event.kind === 'state') state = event.state
      updates.push(update(event.sequence, event.at, saidOf(event)))
    }
    return updates
  }
}

/** The event's name, a sentence, and what belongs to it. */
function saidOf(event: TaskEvent): Record<string, unknown> {
  switch (event.kind) {
    case 'state':
      return {
        event: `task_${isTerminal(event.state) ? facadeStatus(event.state) : event.state}`,
        ...saidOfState(event),
      }
    case 'progress':
      return { event: event.event, message: event.say, step: event.step, ...optional('facts', event.facts) }
    case 'step':
      return {
        event: 'step_started',
        message: `Step ${event.step}`,
        step: event.step,
        attempt: event.attempt,
      }
    case 'artifact': {
      const { artifact_id, name, description, parts, metadata, append, last } = event
      const shown = { artifact_id, name, ...optional('description', description), parts, append, last }
      return { event: 'artifact', message: name, artifact: { ...shown, ...optional('metadata', metadata) } }
    }
    case 'message':
      return { event: 'message_received', message: 'A message was received', message_id: event.message_id }
  }
}

function saidOfState({
  state,
  say = SAID[state],
  reason,
  facts,
}: Pick<Task['status'], 'state' | 'say' | 'reason' | 'facts'>): Record<string, unknown> {
  return { message: say, state, ...optional('reason', reason), ...optional('facts', facts) }
}

function optional(name: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [name]: value }
}
