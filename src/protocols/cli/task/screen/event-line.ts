// What happened, a line each: for logs and pipes, where nothing can be drawn twice.
import type { TaskUpdate } from '../../../client/a2a/wire-task.ts'
import type { TaskView } from '../../../client/task/task-view.ts'
import { printable } from '../../ingest/report/printable.ts'
import { stateText } from './step-lines.ts'

/** Nothing for what a person need not read: every piece of an answer, for one. */
export function eventLine(update: TaskUpdate, { steps }: Pick<TaskView, 'steps'>): string | undefined {
  const titleOf = (name: string): string => printable(steps.find(step => step.name === name)?.title ?? name)
  switch (update.kind) {
    case 'snapshot':
      return stateText(update.task.status.state)
    case 'state':
      return `${stateText(update.state)}${update.say === undefined ? '' : `: ${printable(update.say)}`}`
    case 'step':
      return `${titleOf(update.step)}: begun${update.attempt > 1 ? ` (attempt ${update.attempt})` : ''}`
    case 'progress':
      return `${titleOf(update.step)}: ${printable(update.say)}`
    case 'artifact':
      return update.append ? undefined : `artifact: ${printable(update.name)}`
    case 'message':
      return 'a message has arrived'
    default:
      return undefined
  }
}
