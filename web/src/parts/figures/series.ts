// The colours of what a figure tells apart, always in this order. The last one is for all others together.

export const SERIES = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6'] as const
export type SeriesColour = (typeof SERIES)[number]

/** Written out: the style sheet is made from the class names that stand in the source. */
export const STROKE: Record<SeriesColour, string> = {
  'series-1': 'stroke-series-1',
  'series-2': 'stroke-series-2',
  'series-3': 'stroke-series-3',
  'series-4': 'stroke-series-4',
  'series-5': 'stroke-series-5',
  'series-6': 'stroke-series-6',
}

export const FILL: Record<SeriesColour, string> = {
  'series-1': 'bg-series-1',
  'series-2': 'bg-series-2',
  'series-3': 'bg-series-3',
  'series-4': 'bg-series-4',
  'series-5': 'bg-series-5',
  'series-6': 'bg-series-6',
}

export function seriesColour(index: number, isOthers = false): SeriesColour {
  return isOthers ? 'series-6' : (SERIES[index % SERIES.length] ?? 'series-6')
}

/** The mark beside a name that ties it to its colour in the figure. */
export const SWATCH = 'inline-block size-2.5 shrink-0 rounded-sm'
