// What a chart of days shows: one series for each thing that is told apart, and what they come to one upon the other.
import type { SeriesColour } from './series.ts'

export interface DaySeries {
  readonly key: string
  readonly colour: SeriesColour
  /** One for each day. For drawing alone: exact amounts are written elsewhere. */
  readonly values: readonly number[]
}

/** Each with all before it below: the last one is the whole. What is less than nothing takes no room. */
export function stacked(series: readonly DaySeries[]): DaySeries[] {
  const sums: number[] = []
  return series.map(one => ({
    ...one,
    values: one.values.map((value, day) => (sums[day] = (sums[day] ?? 0) + Math.max(0, value))),
  }))
}
