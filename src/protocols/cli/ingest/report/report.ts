// How a run tells about itself: to a person at a terminal, or line by line to a program.
import type { Outcome, Summary } from '../outcome.ts'
import type { Watcher } from '../run-batch.ts'
import type { Source } from '../sources/source.ts'
import { jsonLines } from './json-lines.ts'
import { printable } from './printable.ts'
import { progress } from './progress.ts'
import { progressLine, type ProgressLine, type Terminal } from './progress-line.ts'
import { resultRows, summaryLine } from './result-table.ts'

export interface Report {
  /** The first pass over all sources. */
  begin(sources: readonly Source[]): Watcher
  end(outcomes: readonly Outcome[], summary: Summary): void
  /** Later passes, over what changed. */
  changes(): Watcher
  gone(label: string): void
  note(text: string): void
}

export interface ReportOptions {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean }
  readonly stderr: Terminal & { readonly isTTY?: boolean }
  readonly printTable: (rows: readonly Record<string, unknown>[]) => void
  readonly isJson: boolean
  readonly isQuiet: boolean
}

export function reportTo(options: ReportOptions): Report {
  const { stdout, stderr, isJson } = options
  // A person reads the table only where standard output is a terminal too: in a pipe a program reads.
  return !isJson && stdout.isTTY === true && stderr.isTTY === true ? forPeople(options) : forPrograms(options)
}

function forPeople(options: ReportOptions): Report {
  const { stdout, isQuiet, printTable } = options
  const show = (line: string): unknown => stdout.write(`${line}\n`)
  let line: ProgressLine | undefined
  return {
    begin(sources) {
      const painted = paintedProgress(sources, options)
      line = painted.line
      return painted.watcher
    },
    end(outcomes, summary) {
      line?.clear()
      const rows = resultRows(outcomes, isQuiet)
      if (rows.length > 0) printTable(rows)
      show(summaryLine(summary))
    },
    changes: () => ({ ...SILENT, ended: outcome => show(changeLine(outcome)) }),
    gone: label => show(`gone ${printable(label)}: its document is kept`),
    note: noting(options),
  }
}

function forPrograms(options: ReportOptions): Report {
  const { stdout, stderr, isQuiet, isJson } = options
  const lines = jsonLines({ isQuiet, write: text => void stdout.write(`${text}\n`) })
  let line: ProgressLine | undefined
  return {
    begin(sources) {
      // On one terminal the two would write over each other.
      if (stderr.isTTY !== true || stdout.isTTY === true || isJson) return lines
      const painted = paintedProgress(sources, options)
      line = painted.line
      return both(painted.watcher, lines)
    },
    end(_outcomes, summary) {
      line?.clear()
      lines.summary(summary)
    },
    changes: () => lines,
    gone: label => lines.line({ file: label, kind: 'gone', say: 'The file is gone; its document is kept.' }),
    note: noting(options),
  }
}

function paintedProgress(
  sources: readonly Source[],
  { stderr, isQuiet }: ReportOptions,
): { readonly watcher: Watcher; readonly line?: ProgressLine } {
  if (isQuiet) return { watcher: SILENT }
  const watcher = progress(sources)
  const started = performance.now()
  const line = progressLine(stderr, width => watcher.text((performance.now() - started) / 1000, width))
  return { watcher, line }
}

function noting({ stderr, isQuiet }: ReportOptions): (text: string) => void {
  return text => void (isQuiet || stderr.write(`${printable(text)}\n`))
}

/** 'updated notes/a.md (3 passages)' */
function changeLine({ source, result, passages, warnings, problem }: Outcome): string {
  const many = passages === undefined ? '' : ` (${passages} ${passages === 1 ? 'passage' : 'passages'})`
  const why = problem?.say ?? warnings.join('; ')
  return printable(`${result} ${source.label}${many}${why === '' ? '' : `: ${why}`}`)
}

const SILENT: Watcher = {
  started: () => undefined,
  sent: () => undefined,
  event: () => undefined,
  ended: () => undefined,
}

function both(one: Watcher, other: Watcher): Watcher {
  return {
    started: source => [one, other].forEach(each => each.started(source)),
    sent: (source, bytes) => [one, other].forEach(each => each.sent(source, bytes)),
    event: (source, event) => [one, other].forEach(each => each.event(source, event)),
    ended: outcome => [one, other].forEach(each => each.ended(outcome)),
  }
}
