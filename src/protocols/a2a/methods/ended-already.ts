// The refusal of who asks to follow a task of which nothing more will be heard.
import { fault } from '../../../platform/faults.ts'

export function endedAlready(): Error {
  return fault('conflict', {
    reason: 'task_ended',
    say: 'The task has ended; GetTask answers what it made.',
  })
}
