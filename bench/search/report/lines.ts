// Everything the benchmark finds out, as lines of a few tables: what was measured, and one value of each figure a round.
import { median } from '../../figures.ts'

export interface Line {
  /** The table it belongs to. */
  readonly part: string
  /** What tells it from the other lines of the table, by column. */
  readonly cells: Readonly<Record<string, string>>
  /** Values of all rounds, by figure. */
  readonly figures: Readonly<Record<string, readonly number[]>>
}

export interface Lines {
  add(part: string, cells: Readonly<Record<string, string>>, figures: Readonly<Record<string, number>>): void
  all(): readonly Line[]
}

/** The same cells again are a further round of the same line. */
export function collectLines(): Lines {
  const lines = new Map<
    string,
    { part: string; cells: Readonly<Record<string, string>>; figures: Record<string, number[]> }
  >()
  return {
    add(part, cells, figures) {
      const key = JSON.stringify([part, cells])
      const line = lines.get(key) ?? { part, cells, figures: {} }
      for (const [name, value] of Object.entries(figures)) (line.figures[name] ??= []).push(value)
      lines.set(key, line)
    },
    all: () => [...lines.values()],
  }
}

/** Each part as a table of Markdown: medians, and in brackets the smallest and largest of the rounds. */
export function markdownTables(lines: readonly Line[]): Map<string, string> {
  const parts = Map.groupBy(lines, line => line.part)
  return new Map([...parts].map(([part, of]) => [part, markdownTable(of)]))
}

function markdownTable(lines: readonly Line[]): string {
  const columns = [...new Set(lines.flatMap(({ cells }) => Object.keys(cells)))]
  const figures = [...new Set(lines.flatMap(line => Object.keys(line.figures)))]
  const rows = lines.map(({ cells, figures: values }) => [
    ...columns.map(column => cells[column] ?? ''),
    ...figures.map(name => spread(values[name] ?? [])),
  ])
  const head = [...columns, ...figures]
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map(row => row[at]?.length ?? 0)))
  const ruled = head.map((_, at) =>
    at < columns.length ? '-'.repeat(widths[at] ?? 3) : `${'-'.repeat((widths[at] ?? 3) - 1)}:`,
  )
  const padded = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => (at < columns.length ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`
  return [head, ruled, ...rows].map(padded).join('\n')
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return '—'
  if (values.length === 1) return digits(median(values))
  return `${digits(median(values))} (${digits(Math.min(...values))}–${digits(Math.max(...values))})`
}

/** Three digits that say something. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '—'
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return value.toPrecision(3)
}

/** The median of a line's figure, found by its cells; undefined where it was not measured. */
export function medianOf(
  lines: readonly Line[],
  part: string,
  cells: Readonly<Record<string, string>>,
  figure: string,
): number | undefined {
  const found = lines.find(
    line => line.part === part && Object.entries(cells).every(([name, value]) => line.cells[name] === value),
  )
  const values = found?.figures[figure]
  return values === undefined || values.length === 0 ? undefined : median(values)
}
