// What a task tells of the answer it wrote: which model, whether it is whole, and why it was not the one asked for. Pure.
import type { TaskEvent } from '../../../../../src/protocols/client/task/task-shape.ts'

export interface AnswerNotes {
  readonly model: string | undefined
  /** It ended before it was complete: it was too long, or the provider withheld the rest. */
  readonly cut: 'cut' | 'withheld' | undefined
  readonly degraded: string | undefined
}

export const NO_NOTES: AnswerNotes = { model: undefined, cut: undefined, degraded: undefined }

export function answerNotes(events: readonly TaskEvent[]): AnswerNotes {
  const told = events.findLast(event => event.kind === 'progress' && event.event === 'generation_complete')
  const facts = told?.kind === 'progress' ? (told.facts ?? {}) : {}
  const { model, cut, degraded } = facts
  return {
    model: typeof model === 'string' ? model : undefined,
    cut: cut === 'cut' || cut === 'withheld' ? cut : undefined,
    degraded: typeof degraded === 'string' ? degraded : undefined,
  }
}
