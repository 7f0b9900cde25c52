import { expectTypeOf, test } from 'vitest'
import type * as server from '../../../features/agents/tasks/task-shape.ts'
import { isInterrupted, isTerminal, TASK_STATES } from '../../../features/agents/tasks/task-states.ts'
import { expect } from 'vitest'
import {
  hasEnded,
  isWaiting,
  type Task,
  type TaskArtifact,
  type TaskEvent,
  type TaskState,
} from './task-shape.ts'

test('what the server sends is what this says', () => {
  expectTypeOf<server.TaskEvent>().toExtend<TaskEvent>()
  expectTypeOf<TaskEvent>().toExtend<server.TaskEvent>()
  expectTypeOf<server.Task>().toExtend<Task>()
  expectTypeOf<Task>().toExtend<server.Task>()
  expectTypeOf<server.TaskArtifact>().toExtend<TaskArtifact>()
  expectTypeOf<(typeof TASK_STATES)[number]>().toEqualTypeOf<TaskState>()
})

test.each(TASK_STATES)('%s ends or waits here as it does in the server', state => {
  expect({ ended: hasEnded(state), waiting: isWaiting(state) }).toEqual({
    ended: isTerminal(state),
    waiting: isInterrupted(state),
  })
})
