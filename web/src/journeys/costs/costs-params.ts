// What stands in the address of the costs: which days, and by what they are told apart. Days are UTC, as the server's are.

export const BYS = ['model', 'user', 'label', 'operation', 'key', 'task', 'step'] as const
export type By = (typeof BYS)[number]

export const SPANS = [7, 30, 90] as const

export interface CostsParams {
  /** The last so many days; 30 when nothing is said. */
  readonly days?: (typeof SPANS)[number]
  /** Days of one's own choice, both included; they come before `days`. */
  readonly from?: string
  readonly to?: string
  readonly by?: By
}

export interface Days {
  readonly from: string
  readonly to: string
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const DAY_MS = 86_400_000
/** As the server has it. */
const MOST_DAYS = 366
const DEFAULT_DAYS = 30

/** Whatever is not understood is dropped. */
export function costsParams(given: Record<string, unknown>): CostsParams {
  const days = SPANS.find(span => span === given['days'] || String(span) === given['days'])
  const by = BYS.find(one => one === given['by'])
  const { from, to } = given
  const own = isDay(from) && isDay(to) && from <= to && countOf({ from, to }) <= MOST_DAYS
  return {
    ...(own ? { from, to } : days === undefined ? {} : { days }),
    ...(by === undefined ? {} : { by }),
  }
}

/** The days that are meant, as of now. */
export function daysOf({ days = DEFAULT_DAYS, from, to }: CostsParams, now: Date): Days {
  if (from !== undefined && to !== undefined) return { from, to }
  return { from: dayOf(new Date(now.getTime() - (days - 1) * DAY_MS)), to: dayOf(now) }
}

/** The span that is chosen; undefined where the days are of one's own choice. */
export function spanOf({ days = DEFAULT_DAYS, from }: CostsParams): number | undefined {
  return from === undefined ? days : undefined
}

export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10)
}

export function countOf({ from, to }: Days): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1
}

function isDay(given: unknown): given is string {
  return (
    typeof given === 'string' &&
    DAY.test(given) &&
    !Number.isNaN(Date.parse(given)) &&
    dayOf(new Date(given)) === given
  )
}
