// What each day cost, told apart as the rest of the page tells it apart. The day under the pointer is said in words, and
// all of them can be read as a table.
import { lazy, Suspense, useMemo, useState } from 'react'
import { seriesColour } from '../../../parts/figures/series.ts'
import { Money, usdWords } from '../../../parts/shown/money.tsx'
import { Table } from '../../../parts/shown/table.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import type { Slice } from './slices.ts'

const DayBars = lazy(async () => ({ default: (await import('../../../parts/figures/day-bars.tsx')).DayBars }))

export interface TrendProps {
  readonly days: readonly string[]
  readonly slices: readonly Slice[]
}

export function Trend({ days, slices }: TrendProps) {
  const [pointed, setPointed] = useState<number>()
  const series = useMemo(
    () =>
      slices.map(({ id, days: costs }, index) => ({
        key: String(id),
        colour: seriesColour(index, id === undefined),
        values: days.map((_, day) => Number(costs[day] ?? 0) / 1e9),
      })),
    [days, slices],
  )
  const sums = useMemo(() => days.map((_, day) => dayNano(slices, day)), [days, slices])
  const most = sums.reduce((best, nano, day) => (BigInt(nano) > BigInt(sums[best] ?? 0) ? day : best), 0)
  const shown = pointed ?? days.length - 1
  return (
    <figure>
      <figcaption className="mb-1 flex flex-wrap justify-between gap-x-4 text-sm text-soft">
        <span>
          {pointed === undefined ? 'Last day, ' : ''}
          {days[shown]} (UTC): <Money nano={sums[shown] ?? '0'} />
        </span>
        <span>
          Most on {days[most]}: <Money nano={sums[most] ?? '0'} />
        </span>
      </figcaption>
      <Suspense fallback={<Waiting what="the chart" lines={6} />}>
        <DayBars
          label={chartWords(days, most, sums[most] ?? '0')}
          days={days}
          series={series}
          axisWords={axisWords}
          onDay={setPointed}
        />
      </Suspense>
      <details className="mt-1 text-sm">
        <summary className="w-fit text-soft hover:text-ink">Each day as a table</summary>
        <div className="mt-2 max-h-72 overflow-y-auto">
          <Table
            caption="Cost of each day"
            rows={days.map((day, index) => ({ day, nano: sums[index] ?? '0' })).toReversed()}
            keyOf={({ day }) => day}
            columns={[
              { key: 'day', head: 'Day (UTC)', cell: ({ day }) => <span className="figures">{day}</span> },
              { key: 'cost', head: 'Cost', cell: ({ nano }) => <Money nano={nano} />, isFigure: true },
            ]}
          />
        </div>
      </details>
    </figure>
  )
}

function chartWords(days: readonly string[], most: number, nano: string): string {
  const [first = '', last = '', dearest = ''] = [days[0], days.at(-1), days[most]]
  return `Cost of each day from ${first} to ${last}; the most on ${dearest}, ${usdWords(nano)}. The table below has each day.`
}

function dayNano(slices: readonly Slice[], day: number): string {
  return String(slices.reduce((sum, { days }) => sum + BigInt(days[day] ?? 0), 0n))
}

/** Of the axis, whose marks are round. */
function axisWords(value: number): string {
  return value === 0 ? '$0' : usdWords(String(Math.round(value * 1e9)))
}
