// The end of a run that another has taken over: whatever it still wants to write is refused.
import { Fault, fault } from '../faults.ts'

const SUPERSEDED = 'superseded'

export function superseded(streamId: string): Fault {
  return fault('conflict', {
    reason: SUPERSEDED,
    say: 'Another run has taken this over; leave it to that one.',
    detail: `the run of ${streamId} is superseded`,
  })
}

/** Whether a run ended because it no longer holds its stream: nothing is wrong, and nothing is left to do. */
export function isSuperseded(error: unknown): boolean {
  return error instanceof Fault && error.code === 'conflict' && error.reason === SUPERSEDED
}
