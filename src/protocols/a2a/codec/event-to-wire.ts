// An event of a task's log as an update of A2A's streams. Each becomes exactly one, so that their numbers have no gaps
// for the client either.
import type { StreamResponse } from '@a2a-js/sdk'
import type { TaskEvent } from '../../../features/agents/tasks/task-shape.ts'
import type { TaskState } from '../../../features/agents/tasks/task-states.ts'
import { agentMessage, artifactToWire, statusToWire, WIRE_STATE, type Spoken } from './task-to-wire.ts'

export interface EventView {
  readonly taskId: string
  readonly contextId: string
  /** What the task is in when the event happens. */
  readonly state: TaskState
  readonly uri: string
  readonly hasLog: boolean
}

export function eventToWire(event: TaskEvent, view: EventView): StreamResponse {
  const { taskId, contextId, uri, hasLog } = view
  const spoken: Spoken = { taskId, contextId, messageId: `${taskId}-${event.sequence}`, uri }
  const about = { ...(hasLog ? { sequence: event.sequence } : {}), ...toldOf(event) }
  const metadata = Object.keys(about).length === 0 ? undefined : { [uri]: about }
  if (event.kind === 'artifact') {
    const { append, last: lastChunk } = event
    const artifact = artifactToWire(event)
    return {
      payload: {
        $case: 'artifactUpdate',
        value: { taskId, contextId, artifact, append, lastChunk, metadata },
      },
    }
  }
  const status =
    event.kind === 'state'
      ? statusToWire(event, spoken)
      : {
          state: WIRE_STATE[view.state],
          timestamp: event.at,
          message: event.kind === 'progress' ? agentMessage(event.say, spoken) : undefined,
        }
  return { payload: { $case: 'statusUpdate', value: { taskId, contextId, status, metadata } } }
}

/** What an update of A2A has no member for. A state and an artifact are told by the update itself. */
function toldOf(event: TaskEvent): Record<string, unknown> {
  switch (event.kind) {
    case 'progress':
      return {
        event: event.event,
        step: event.step,
        ...(event.facts === undefined ? {} : { facts: event.facts }),
      }
    case 'step':
      return { event: 'step', step: event.step, facts: { attempt: event.attempt } }
    case 'message':
      return { event: 'message', facts: { messageId: event.message_id } }
    case 'state':
    case 'artifact':
      return {}
  }
}
