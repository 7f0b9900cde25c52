// What writes text, whoever does it. Answers come bit by bit and are untrusted: text, never an instruction to us.
import type { Meter } from '../meter.ts'

export interface Generation {
  /** What the model is told to do. Nothing that a document or a caller wrote belongs here. */
  readonly system: string
  readonly prompt: string
  /** Tokens, those of reasoning among them. */
  readonly maxOutput: number
  /** Aborted, the request to the provider ends too. */
  readonly signal: AbortSignal
  readonly meter?: Meter
}

export type Written =
  | { readonly kind: 'text'; readonly text: string }
  /** The last one. */
  | { readonly kind: 'end'; readonly end: 'complete' | 'cut' | 'withheld' }

export interface LanguageModel {
  /** As settings have it: "openai:gpt-4". */
  readonly name: string
  /**
   * Faults: `unavailable` as of `Destination`, or with the reason `bad_answer`; `cancelled` when the caller left. Whoever
   * stops reading ends the request.
   */
  stream(generation: Generation): AsyncIterable<Written>
}
