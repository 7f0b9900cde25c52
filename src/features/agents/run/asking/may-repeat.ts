// A step that must not be done twice unasked, and that was begun but never came to its end: nobody knows whether it was
// done, so the user is asked.
import { fault } from '../../../../platform/faults.ts'
import type { TaskPart } from '../../tasks/task-shape.ts'
import type { Step } from '../../workflows/workflow.ts'
import { timesBegun } from '../times-begun.ts'
import { askUser } from './ask-user.ts'
import type { RunningTask } from '../run-deps.ts'

/** Resolves when it was never begun, or the user says that it may be done again; throws when he says anything else. */
export async function mayRepeat(running: RunningTask, { name, title }: Step): Promise<void> {
  const { doors, run } = running
  const times = await doors.read(tx => timesBegun(tx, run.key, name))
  if (times === 0) return
  const answer = await askUser(
    running,
    // Of each interruption by itself.
    `repeat ${name} ${times}`,
    `“${title}” was interrupted, and it is not known whether it was done. Do it again? Answer yes or no.`,
  )
  if (isYes(answer)) return
  throw fault('conflict', {
    reason: 'step_not_repeated',
    say: `“${title}” was interrupted and was not to be done again.`,
  })
}

function isYes(answer: readonly TaskPart[]): boolean {
  const text = answer.map(part => part.text ?? '').join(' ')
  return /^\s*(?:y|yes|ja|oui|s[ií]|ok(?:ay)?)\b/i.test(text)
}
