// What a person reads at the end: a row for each file, or for those that need a look when there are many, and the sum.
import type { Outcome, Summary } from '../outcome.ts'
import { byteText, durationText, printable } from './printable.ts'

/** A table of more rows would push the rows that matter off the screen. */
const MOST_ROWS = 50

/** In the order of the sources. `onlyProblems` leaves out what went in without a warning, however few there are. */
export function resultRows(outcomes: readonly Outcome[], onlyProblems: boolean): Record<string, unknown>[] {
  const shown =
    onlyProblems || outcomes.length > MOST_ROWS
      ? outcomes.filter(({ result, warnings }) => result === 'failed' || warnings.length > 0)
      : outcomes
  return shown
    .toSorted((one, other) => (one.source.label < other.source.label ? -1 : 1))
    .map(({ source, result, documentId, version, passages, warnings, problem }) => ({
      file: printable(source.label),
      result,
      document_id: documentId,
      version,
      passages,
      problem: printable(problem?.say ?? warnings.join('; ')) || undefined,
    }))
}

/** '12 files: 10 added, 1 unchanged, 1 failed; 3.4 MB in 5s' */
export function summaryLine({ files, bytes, seconds, ...counts }: Summary): string {
  const told = Object.entries(counts).filter(([, count]) => count > 0)
  const results = told.map(([result, count]) => `${count} ${result}`).join(', ')
  const noun = files === 1 ? 'file' : 'files'
  return `${files} ${noun}: ${results || 'none went in'}; ${byteText(bytes)} in ${durationText(seconds)}`
}
