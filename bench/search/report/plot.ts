// The plot of docs/PERFORMANCE.md: median time of one search by size of the tenant, ours and the article's, on a
// logarithmic scale. Plain SVG that reads in light and dark.
import { ARTICLE } from '../measure/article-sql.ts'
import { CLOSED } from '../measure/in-database.ts'
import { digits, medianOf, type Line } from './lines.ts'

const WIDTH = 760
const PLOT = { left: 76, right: 596, top: 64, bottom: 344 }
const HEIGHT = 400

interface Series {
  readonly name: string
  readonly colour: string
  /** By tenant, smallest first. */
  readonly values: readonly (number | undefined)[]
}

/** `tenants` are the cells of the tables, such as "46,068 chunks". */
export function plot(lines: readonly Line[], tenants: readonly string[]): string {
  const smallestFirst = tenants.toReversed()
  const valuesOf = (part: string, cells: Readonly<Record<string, string>>): (number | undefined)[] =>
    smallestFirst.map(tenant => medianOf(lines, part, { ...cells, tenant, connections: '1' }, 'p50 ms'))
  const series: Series[] = [
    {
      name: 'article, weighted sum',
      colour: '#b45309',
      values: valuesOf(ARTICLE, { search: 'weighted sum' }),
    },
    { name: 'article, RRF', colour: '#dc2626', values: valuesOf(ARTICLE, { search: 'RRF' }) },
    { name: 'Gatehouse', colour: '#2563eb', values: valuesOf(CLOSED, {}) },
  ].filter(({ values }) => values.some(value => value !== undefined))
  const all = series.flatMap(({ values }) => values.filter(value => value !== undefined))
  const low = Math.floor(Math.log10(Math.min(...all)))
  const high = Math.ceil(Math.log10(Math.max(...all)))
  const x = (at: number): number =>
    PLOT.left + 50 + (at * (PLOT.right - PLOT.left - 100)) / Math.max(1, tenants.length - 1)
  const y = (ms: number): number =>
    PLOT.bottom - ((Math.log10(ms) - low) / (high - low || 1)) * (PLOT.bottom - PLOT.top)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Median time of one hybrid search in the database by size of the tenant">`,
    '<style>text { fill: #1f2937 } .grid { stroke: #d1d5db } .quiet { fill: #6b7280 } .ground { fill: #ffffff }',
    '@media (prefers-color-scheme: dark) { text { fill: #e5e7eb } .grid { stroke: #374151 } .quiet { fill: #9ca3af } .ground { fill: #111827 } }</style>',
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}" rx="8"/>`,
    `<text x="24" y="30" font-size="16" font-weight="600">One hybrid search in the database, median, one connection</text>`,
    `<text class="quiet" x="24" y="49">milliseconds, logarithmic; less is better</text>`,
    ...Array.from({ length: high - low + 1 }, (_, at) => gridLine(10 ** (low + at), y)),
    ...smallestFirst.map(
      (tenant, at) => `<text x="${x(at)}" y="${PLOT.bottom + 24}" text-anchor="middle">${tenant}</text>`,
    ),
    ...series.flatMap(one => drawn(one, x, y)),
    ...legend(series, y),
    '</svg>',
    '',
  ].join('\n')
}

function gridLine(ms: number, y: (ms: number) => number): string {
  return (
    `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right - 44}" y1="${y(ms)}" y2="${y(ms)}"/>` +
    `<text class="quiet" x="${PLOT.left - 10}" y="${y(ms) + 4}" text-anchor="end">${ms >= 1 ? ms.toLocaleString('en-US') : ms}</text>`
  )
}

function drawn({ colour, values }: Series, x: (at: number) => number, y: (ms: number) => number): string[] {
  const points = values.flatMap((value, at) => (value === undefined ? [] : [{ at: x(at), value }]))
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2.5" points="${points.map(({ at, value }) => `${at.toFixed(1)},${y(value).toFixed(1)}`).join(' ')}"/>`,
    ...points.map(
      ({ at, value }) =>
        `<circle cx="${at.toFixed(1)}" cy="${y(value).toFixed(1)}" r="4.5" fill="${colour}"/>`,
    ),
  ]
}

/** Beside the ends of the lines, pushed apart where these meet: name and value of the largest tenant. */
function legend(series: readonly Series[], y: (ms: number) => number): string[] {
  const ends = series
    .map(({ name, colour, values }) => ({
      name,
      colour,
      value: values.findLast(value => value !== undefined) ?? 1,
    }))
    .sort((a, b) => b.value - a.value)
  let lowest = Number.NEGATIVE_INFINITY
  return ends.map(({ name, colour, value }) => {
    lowest = Math.max(y(value), lowest + 38)
    return (
      `<text x="${PLOT.right - 34}" y="${lowest}" font-weight="600" style="fill: ${colour}">${name}</text>` +
      `<text x="${PLOT.right - 34}" y="${lowest + 16}">${digits(value)} ms</text>`
    )
  })
}
