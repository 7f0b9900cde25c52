// Figures of repeated runs: medians with their spread, and how they are printed.

export interface Row {
  /** What was measured, such as "small files". */
  readonly measure: string
  readonly engine: string
  readonly figure: string
  readonly unit: string
  /** One value for each run. */
  readonly values: readonly number[]
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The smallest value that so great a share of all does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly Row[]): string {
  const cells = [
    ['engine', 'measure', 'figure', 'median', 'min–max', 'unit'],
    ...rows.map(({ engine, measure, figure, unit, values }) => [
      engine,
      measure,
      figure,
      rounded(median(values)),
      values.length > 1 ? `${rounded(Math.min(...values))}–${rounded(Math.max(...values))}` : '',
      unit,
    ]),
  ]
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map(row => row[column]?.length ?? 0))) ?? []
  return cells
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** One JSON object a line. */
export function jsonLine(row: Row): string {
  const { values, ...named } = row
  return JSON.stringify({ ...named, median: median(values), values })
}

/** Three digits that say something. */
function rounded(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
