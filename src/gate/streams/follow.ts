// How a read operation is followed: asked again and again, each time from where the answer before it ended. Whoever was cut
// off begins again with the id of the last answer it got.
import { fault } from '../../platform/faults.ts'

type Fields = Readonly<Record<string, unknown>>

export interface Follow {
  /**
   * The input of the first question, from what the caller sent, which nobody has checked yet. It looks and does not wait: a
   * refusal must come at once. `after` is the id of the last answer a caller has had; throws `invalid_input` for one that
   * cannot be of this stream.
   */
  readonly begin: (sent: Fields, after: string | undefined) => Fields
  /** What the caller names to go on behind this answer; the same as before when it says nothing new. */
  readonly idOf: (input: Fields, output: Fields) => string
  /** The next question; undefined when nothing more will come. */
  readonly next: (input: Fields, output: Fields) => Record<string, unknown> | undefined
}

/** How long one question waits for news before it is asked again. */
export const FOLLOW_WAIT_S = 20

/** `4.0.17`: how far a caller has come in each of several logs, in the order in which it named them. */
export function idOfSequences(sequences: readonly number[]): string {
  return sequences.join('.')
}

/** The opposite; throws `invalid_input` for what is no id of that many logs. */
export function sequencesOf(id: string, count: number): readonly number[] {
  const parts = id.split('.')
  if (parts.length !== count || !parts.every(part => /^\d{1,15}$/.test(part))) {
    throw fault('invalid_input', {
      reason: 'bad_event_id',
      say: 'Last-Event-ID must be the id of a message of this same stream, asked for with the same input.',
    })
  }
  return parts.map(Number)
}
