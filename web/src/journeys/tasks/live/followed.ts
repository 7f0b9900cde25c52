// A task that is followed: what it looks like by now, every event that came, and whether one is missing. Pure.
import { foldTask } from '../../../../../src/protocols/client/task/fold-task.ts'
import type { TaskEvent, TaskSnapshot } from '../../../../../src/protocols/client/task/task-shape.ts'
import {
  type DeclaredStep,
  type TaskView,
  unbegun,
  viewOf,
} from '../../../../../src/protocols/client/task/task-view.ts'
import type { Output } from '../../../api/call.ts'
import { eventsOf, snapshotOf } from './task-shapes.ts'

export interface Followed {
  readonly view: TaskView
  /** In order, each once. */
  readonly events: readonly TaskEvent[]
  /** Sequences that never came: none, unless the server has lost what it said it had. */
  readonly missing: readonly Missing[]
}

export interface Missing {
  readonly from: number
  readonly to: number
}

/** Before the first event: whoever follows from here is given all of them. */
export function notYetFollowed(task: TaskSnapshot, steps: readonly DeclaredStep[]): Followed {
  return { view: unbegun(task, steps), events: [], missing: [] }
}

/** Events that were seen already change nothing. */
export function withAnswer(before: Followed, { task, gap = false, events }: Output<'follow_task'>): Followed {
  // The server has no memory of what was seen here: how it stands there holds.
  const start = gap && task !== undefined ? restarted(before, snapshotOf(task)) : before
  return eventsOf(events).reduce(withEvent, start)
}

function withEvent(before: Followed, event: TaskEvent): Followed {
  const last = before.view.last_sequence
  if (event.sequence <= last) return before
  const hole = event.sequence > last + 1 ? [{ from: last + 1, to: event.sequence - 1 }] : []
  return {
    view: foldTask(before.view, event),
    events: [...before.events, event],
    missing: [...before.missing, ...hole],
  }
}

function restarted({ view, missing }: Followed, task: TaskSnapshot): Followed {
  const all = { from: 1, to: task.last_sequence }
  return {
    view: viewOf(task, view.steps),
    events: [],
    missing: task.last_sequence === 0 ? missing : [...missing, all],
  }
}
