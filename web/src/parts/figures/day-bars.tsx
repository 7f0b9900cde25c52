// Amounts of each day as stacked bars, on a canvas (uPlot). It comes with a library of its own: load it lazily. What is
// under the pointer is said in words; the same figures stand in a table elsewhere.
import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { type DaySeries, stacked } from './day-series.ts'

export interface DayBarsProps {
  readonly label: string
  /** Days of UTC, "2026-01-31", in order. */
  readonly days: readonly string[]
  readonly series: readonly DaySeries[]
  /** How an amount of the axis is written. */
  readonly axisWords: (value: number) => string
  /** Which day the pointer is at; undefined when it has left. */
  readonly onDay?: ((index: number | undefined) => void) | undefined
}

const HEIGHT = 220
const DAY_S = 86_400

export function DayBars({ label, days, series, axisWords, onDay }: DayBarsProps) {
  const box = useRef<HTMLDivElement>(null)
  const scheme = useColourScheme()
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const drawn = draw(element, { days, series, axisWords, onDay })
    const resized = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      drawn.destroy()
    }
    // Colours are read when it is drawn: another scheme draws it anew.
  }, [days, series, axisWords, onDay, scheme])
  return (
    <div ref={box} role="img" aria-label={label} className="min-h-[220px] w-full min-w-0 overflow-hidden" />
  )
}

function draw(element: HTMLElement, { days, series, axisWords, onDay }: Omit<DayBarsProps, 'label'>): uPlot {
  const colourOf = (name: string) => colour(element, name)
  const axis = {
    stroke: colourOf('soft'),
    grid: { stroke: colourOf('line'), width: 1 },
    font: '11px system-ui',
  }
  const times = days.map(day => Date.parse(day) / 1000)
  // The whole is drawn first, and each smaller stack over it.
  const stacks = stacked(series).toReversed()
  const bars = uPlot.paths.bars?.({ size: [0.72, 36], radius: 0.12 })
  return new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      tzDate: at => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
      scales: {
        x: { time: true, range: [(times[0] ?? 0) - DAY_S * 0.6, (times.at(-1) ?? 0) + DAY_S * 0.6] },
        y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          ticks: { show: false },
          values: (_, ticks) => ticks.map(dayWords),
          space: 56,
          size: 26,
          gap: 6,
        },
        { ...axis, size: 64, ticks: { show: false }, values: (_, ticks) => ticks.map(axisWords) },
      ],
      series: [
        {},
        ...stacks.map(({ colour: name }) => ({
          fill: colourOf(name),
          width: 0,
          ...(bars === undefined ? {} : { paths: bars }),
          points: { show: false },
        })),
      ],
      hooks: {
        setCursor: [plot => onDay?.(plot.cursor.idx ?? undefined)],
      },
    },
    [times, ...stacks.map(({ values }) => [...values])],
    element,
  )
}

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })

function dayWords(at: number): string {
  return at % DAY_S === 0 ? DAY.format(at * 1000) : ''
}

/** A token as the canvas takes it: light or dark by now. */
function colour(element: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(--color-${name})`
  element.append(probe)
  const found = getComputedStyle(probe).color
  probe.remove()
  return found
}

function useColourScheme(): string {
  const dark = '(prefers-color-scheme: dark)'
  const [scheme, setScheme] = useState(() => String(window.matchMedia(dark).matches))
  useEffect(() => {
    const media = window.matchMedia(dark)
    const changed = () => setScheme(String(media.matches))
    media.addEventListener('change', changed)
    return () => media.removeEventListener('change', changed)
  }, [])
  return scheme
}
