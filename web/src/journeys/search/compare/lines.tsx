// Lines between two columns. What they show stands in words in each row; they are for the eye alone.
import type { Line } from './columns.ts'

export interface LinesProps {
  readonly lines: readonly Line[]
  readonly look: string
  readonly rows: number
  readonly rowPx: number
  readonly topPx: number
  /** The document that is pointed at. */
  readonly near: string | undefined
}

export function Lines({ lines, look, rows, rowPx, topPx, near }: LinesProps) {
  const height = topPx + rows * rowPx
  const middle = (row: number) => topPx + (row + 0.5) * rowPx
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 40 ${height}`}
      preserveAspectRatio="none"
      className="hidden w-full md:block"
      style={{ height }}
    >
      {lines.map(({ id, from, to }) => (
        <path
          key={id}
          d={`M0 ${middle(from)} C 20 ${middle(from)}, 20 ${middle(to)}, 40 ${middle(to)}`}
          fill="none"
          vectorEffect="non-scaling-stroke"
          strokeWidth={near === id ? 2.5 : 1.25}
          opacity={near === undefined ? 0.7 : near === id ? 1 : 0.2}
          className={look}
        />
      ))}
    </svg>
  )
}
