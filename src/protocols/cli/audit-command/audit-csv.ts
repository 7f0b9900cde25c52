// The audit as CSV (RFC 4180). Spreadsheets run what looks like a formula: such a cell gets an apostrophe in front.
import type { ListedAuditRow } from '../../../features/audit/rows/listed-row.ts'

export const COLUMNS = [
  'chained_as',
  'sequence',
  'at',
  'subject',
  'token_id',
  'operation',
  'object',
  'outcome',
  'fault',
  'request_id',
  'trace_id',
  'id',
  'chain_hash',
] as const satisfies readonly (keyof ListedAuditRow)[]

export const CSV_HEAD = `${COLUMNS.join(',')}\r\n`

export function csvLine(row: ListedAuditRow): string {
  return `${COLUMNS.map(column => cell(row[column])).join(',')}\r\n`
}

/** One cell; quoted where it has to be. */
export function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
