// A moment: in the reader's own time, with UTC to see on hover.

const NEAR = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

export interface TimeProps {
  /** ISO 8601. */
  readonly at: string
  /** `near`: "5 min. ago" within a day; `day`: without the time; `clock`: without the day; `exact`: to the second. */
  readonly form?: 'near' | 'whole' | 'day' | 'clock' | 'exact'
}

export function Time({ at, form = 'near' }: TimeProps) {
  const moment = new Date(at)
  if (Number.isNaN(moment.getTime())) return <span>{at}</span>
  return (
    <time
      className="whitespace-nowrap"
      dateTime={at}
      title={`${WHOLE.format(moment)}\n${moment.toISOString().replace('T', ' ').slice(0, 19)} UTC`}
    >
      {words(moment, form)}
    </time>
  )
}

function words(moment: Date, form: NonNullable<TimeProps['form']>): string {
  if (form === 'day') return DAY.format(moment)
  if (form === 'exact') return EXACT.format(moment)
  if (form === 'clock') return CLOCK.format(moment)
  return form === 'near' ? (near(moment) ?? WHOLE.format(moment)) : WHOLE.format(moment)
}

const MINUTE_S = 60
const HOUR_S = 3_600
const DAY_S = 86_400

function near(moment: Date): string | undefined {
  const seconds = (moment.getTime() - Date.now()) / 1000
  const size = Math.abs(seconds)
  if (size >= DAY_S) return undefined
  if (size < MINUTE_S) return seconds > 10 ? NEAR.format(Math.round(seconds), 'second') : 'just now'
  if (size < HOUR_S) return NEAR.format(Math.round(seconds / MINUTE_S), 'minute')
  return NEAR.format(Math.round(seconds / HOUR_S), 'hour')
}

/** "1.4 s", "230 ms", "3 min 5 s". */
export function durationWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`
}
