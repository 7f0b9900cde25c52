// Rows of an audit as CSV (RFC 4180), with all they hold: whoever has them can compute the chain anew. The command line and
// the page write the same file.
import { csvCell } from './csv-cell.ts'

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
] as const

type AuditRow = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>

export const CSV_HEAD = `${COLUMNS.join(',')}\r\n`

export function csvLine(row: AuditRow): string {
  return `${COLUMNS.map(column => csvCell(row[column])).join(',')}\r\n`
}
