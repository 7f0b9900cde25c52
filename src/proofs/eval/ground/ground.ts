// What an evaluation stands on: a tenant whose documents can be ranked.

/** Runs an operation of the tenant as one of its users. */
export type Ask = (
  operation: string,
  input: Record<string, unknown>,
  signal: AbortSignal,
) => Promise<Record<string, unknown>>

export interface Ground {
  readonly tenant: string
  readonly ask: Ask
  /** Of the database, where it was opened for the evaluation. */
  readonly engine?: 'pglite' | 'postgres'
  /** What was taken in for the evaluation; undefined for a tenant that was there. */
  readonly loaded?: Loaded
}

export interface Loaded {
  readonly documents: number
  /** Neither title nor text: not taken in. */
  readonly blank: number
  readonly passages: number
  readonly seconds: number
  readonly vectors: number
  readonly vectorSeconds: number
  /** As the judgements name them. */
  readonly ids: ReadonlySet<string>
}

/** A line for a person who waits: what is done, how much of it, and of how much when that is known. */
export type Progress = (what: string, done: number, total?: number) => void
