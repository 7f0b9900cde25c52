// What the durability proofs promise, in one place: a scenario prints one line, and a line that is beyond one of these
// fails it.
import type { Outcome } from '../harness/task-books.ts'

/** What a scenario prints, as one line of JSON. Times are milliseconds. */
export interface ProofLine {
  readonly fault: string
  readonly seed: number
  readonly tasks: number
  /** Requests that were answered with a task. */
  readonly acked: number
  readonly lost: number
  readonly duplicated: number
  readonly gaps: number
  readonly terminal_twice: number
  /** From the fault to the first sign of life of each task that it struck. */
  readonly recovery_ms?: Spread
  readonly [more: string]: unknown
}

export interface Spread {
  readonly p50: number
  readonly max: number
}

/** A run whose process died is taken up within the heartbeat (10 s), a look of the supervisor and a claim. */
export const MOST_RECOVERY_MS = 12_000
/** One that was given back is taken up at once. */
export const MOST_HANDOVER_MS = 3_000
/** From the cancellation to the signal of the running step. */
export const MOST_CANCEL_MS = 1_000

/** What is wrong with the line, in words; empty when all is as promised. */
export function faultsOf(line: ProofLine, mostMs = MOST_RECOVERY_MS): string[] {
  const { lost, duplicated, gaps, terminal_twice, recovery_ms, tasks, acked } = line
  const counts = Object.entries({ lost, duplicated, gaps, terminal_twice }).filter(([, count]) => count !== 0)
  return [
    ...counts.map(([name, count]) => `${name} ${count}`),
    ...(acked === tasks ? [] : [`${acked} of ${tasks} were accepted`]),
    ...(recovery_ms === undefined || recovery_ms.max <= mostMs
      ? []
      : [`recovery took ${recovery_ms.max} ms`]),
  ]
}

/** For tests: what the lines count that should be none, with the line. Their times are judged by the proofs alone. */
export function miscounted(...lines: readonly ProofLine[]): string[] {
  return lines.flatMap(line =>
    faultsOf(line, Number.POSITIVE_INFINITY).map(what => `${what}: ${JSON.stringify(line)}`),
  )
}

/** What is wrong, in words, for the line. */
export function problemsOf(...outcomes: readonly Outcome[]): string[] {
  return outcomes
    .flatMap(({ lost, duplicated, gaps, terminalTwice }) => [lost, duplicated, gaps, terminalTwice].flat())
    .slice(0, 10)
}

/** The counts of an outcome as a line has them. */
export function countsOf({ tasks, lost, duplicated, gaps, terminalTwice }: Outcome) {
  return {
    tasks,
    acked: tasks,
    lost: lost.length,
    duplicated: duplicated.length,
    gaps: gaps.length,
    terminal_twice: terminalTwice.length,
  }
}

/** Undefined for none. */
export function spreadOf(times: readonly number[]): Spread | undefined {
  const ordered = times.toSorted((a, b) => a - b)
  const [p50, max] = [ordered[Math.floor((ordered.length - 1) / 2)], ordered.at(-1)]
  return p50 === undefined || max === undefined ? undefined : { p50: Math.round(p50), max: Math.round(max) }
}
