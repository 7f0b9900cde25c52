// How commands answer: data on standard output (a table for people, JSON with --json), everything else on
// standard error; a failure as a sentence, one JSON line and an exit code.
import { asFault, type FaultCode } from '../../platform/faults.ts'
import { printable } from './ingest/report/printable.ts'
import { nextStep } from './next-step.ts'

/** 0 is success, 2 a usage error found before anything ran. */
const EXIT_CODES: Record<FaultCode, number> = {
  internal: 1,
  invalid_input: 2,
  unsupported: 2,
  unauthenticated: 3,
  unavailable: 4,
  timeout: 4,
  conflict: 5,
  budget_exceeded: 6,
  rate_limited: 6,
  not_found: 7,
  forbidden: 7,
  cancelled: 130,
}

/** A check that ran to its end and found what it looks for. */
const FINDING = 8

/** A task that goes on when somebody has answered it, or found money for it. */
const WAITS = 9

/** Prints one record, or a list of records (an array of objects with `id`). */
export function printResult(result: unknown, options: { json: boolean }): void {
  if (options.json) {
    console.log(jsonText(result, 2))
  } else if (Array.isArray(result)) {
    printTable(result as Record<string, unknown>[])
  } else {
    printRecord(result as Record<string, unknown>)
  }
}

/** Prints why the command failed, with what to do next where that is known, and returns the exit code. */
export function printFailure(error: unknown, typed?: string): number {
  const { code, say, reason, issues, facts, message } = asFault(error)
  const words = code === 'internal' ? `${say}\n${message}` : say
  console.error(`gatehouse: ${linesOf(words)}`)
  const next = nextStep({ reason, issues }, typed)
  if (next !== undefined) console.error(`→ ${next}`)
  console.error(
    jsonText({
      error: {
        code,
        message: say,
        ...(reason === undefined ? {} : { reason }),
        ...(issues.length === 0 ? {} : { issues }),
        ...(facts === undefined ? {} : { facts }),
      },
    }),
  )
  return EXIT_CODES[code]
}

/** Prints what a check found, as a failure is printed, and returns the exit code. */
export function printFinding(reason: string, message: string): number {
  console.error(`gatehouse: ${linesOf(message)}`)
  console.error(jsonText({ error: { code: 'check_failed', message, reason } }))
  return FINDING
}

/** Prints what a task waits for and what to do, and returns the exit code. */
export function printWaiting(reason: string, message: string, next: string): number {
  console.error(`gatehouse: ${linesOf(message)}`)
  console.error(`→ ${next}`)
  console.error(jsonText({ error: { code: 'waiting', message, reason } }))
  return WAITS
}

function printTable(rows: readonly Record<string, unknown>[]): void {
  const columns = [...new Set(rows.flatMap(row => Object.keys(row)))]
  if (columns.length === 0) return console.error('none')
  const cells = rows.map(row => columns.map(column => printable(shown(row[column]))))
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...cells.map(row => row[index]?.length ?? 0)),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  console.log(line(columns.map(column => column.toUpperCase())))
  for (const row of cells) console.log(line(row))
}

function printRecord(record: Record<string, unknown>): void {
  const width = Math.max(0, ...Object.keys(record).map(key => key.length))
  for (const [key, value] of Object.entries(record))
    console.log(`${key.padEnd(width)}  ${linesOf(shown(value))}`)
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (Array.isArray(value)) return value.map(shown).join(' ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** JSON that a terminal can be shown: what it might obey is written as an escape, and reads as the same. */
export function jsonText(value: unknown, indent?: number): string {
  return linesOf(JSON.stringify(value, null, indent))
}

/** Text of others, with its lines and without what a terminal would obey. */
function linesOf(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
