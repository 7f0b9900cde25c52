// The steps of a task that waits for somebody: nothing of it runs, whatever had begun. Pure.
import { isWaiting } from '../../../../../src/protocols/client/task/task-shape.ts'
import type { StepView, TaskView } from '../../../../../src/protocols/client/task/task-view.ts'

/** What was under way is begun again, or its result is there already, when the task goes on. */
export function heldSteps({ state, steps }: Pick<TaskView, 'state' | 'steps'>): readonly StepView[] {
  if (!isWaiting(state)) return steps
  return steps.map(step => (step.state === 'running' ? { ...step, state: 'waiting' } : step))
}
