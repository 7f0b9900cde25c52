// Parts of a whole, as a ring. What it shows stands in a table or in words beside it too.
import type { ReactNode } from 'react'
import { type SeriesColour, STROKE } from './series.ts'

export interface DonutPart {
  readonly key: string
  readonly words: string
  /** 0 to 1; all together one. */
  readonly part: number
  readonly colour: SeriesColour
}

export interface DonutProps {
  /** What it shows, for those who hear the page. */
  readonly label: string
  readonly parts: readonly DonutPart[]
  /** In the middle. */
  readonly children?: ReactNode
}

/** The ring in units of which its circumference has a hundred. */
const RADIUS = 15.9155
/** Between two parts, in the same units. */
const GAP = 0.7

export function Donut({ label, parts, children }: DonutProps) {
  const shown = parts.filter(({ part }) => part > 0)
  return (
    <div className="relative mx-auto aspect-square w-full max-w-44">
      <svg viewBox="0 0 40 40" role="img" aria-label={label} className="size-full -rotate-90">
        <circle cx="20" cy="20" r={RADIUS} fill="none" strokeWidth="5" className="stroke-line" />
        {shown.map(({ key, words, part, colour }, index) => (
          <circle
            key={key}
            cx="20"
            cy="20"
            r={RADIUS}
            fill="none"
            strokeWidth="5"
            pathLength="100"
            {...(shown.length > 1 && {
              strokeDasharray: `${Math.max(0.3, part * 100 - GAP)} 100`,
              strokeDashoffset: -100 * before(shown, index),
            })}
            className={STROKE[colour]}
          >
            <title>{words}</title>
          </circle>
        ))}
      </svg>
      <div className="pointer-events-none absolute inset-0 grid place-content-center text-center">
        {children}
      </div>
    </div>
  )
}

function before(parts: readonly DonutPart[], index: number): number {
  return parts.slice(0, index).reduce((sum, { part }) => sum + part, 0)
}
