// Tables for people: columns as wide as what is in them, amounts to the right. Names come from outside: nothing in them
// moves the cursor.
import { printable } from '../ingest/report/printable.ts'

export interface Column<Row> {
  readonly title: string
  readonly of: (row: Row) => string
  /** Amounts stand under each other by their last digit. */
  readonly isAmount?: boolean
}

export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const cells = rows.map(row => columns.map(({ of }) => printable(of(row))))
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map(row => (row[index] ?? '').length)),
  )
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => {
        const width = widths[index] ?? 0
        return columns[index]?.isAmount === true ? text.padStart(width) : text.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [line(columns.map(({ title }) => title)), ...cells.map(line)]
}
