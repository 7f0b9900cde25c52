// The API's tasks and events as the client's rules take them: the same shapes, which those do not declare read-only.
import type * as client from '../../../../../src/protocols/client/task/task-shape.ts'
import type { Task, TaskEvent } from '../../../api/operations.gen.ts'

export function snapshotOf(task: Task): client.TaskSnapshot {
  return task as unknown as client.TaskSnapshot
}

export function eventsOf(events: readonly TaskEvent[]): readonly client.TaskEvent[] {
  return events as unknown as readonly client.TaskEvent[]
}
