// Where the spending of a budget's window goes at the pace of the last seven whole days. Too little spending says nothing,
// and then nothing is said.
import type { Budget } from '../../../api/operations.gen.ts'

const DAY_MS = 86_400_000
export const PACE_DAYS = 7
/** Of the seven: on fewer there is no pace to speak of. */
const LEAST_DAYS = 3

export interface Forecast {
  readonly perDayNano: string
  /** Spent by the reset. */
  readonly byResetNano: string
  /** When it is used up, if that is before the reset; in ISO 8601. */
  readonly fullAt?: string
}

/** `lastDays`: what was spent on each of the last seven whole days. */
export function forecastOf(
  { spent_nano, left_nano, resets_at }: Pick<Budget, 'spent_nano' | 'left_nano' | 'resets_at'>,
  lastDays: readonly string[],
  now: Date,
): Forecast | undefined {
  const spending = lastDays.filter(nano => BigInt(nano) > 0n)
  if (resets_at === null || spending.length < LEAST_DAYS) return undefined
  const perDay = lastDays.reduce((sum, nano) => sum + BigInt(nano), 0n) / BigInt(PACE_DAYS)
  const remainingMs = Date.parse(resets_at) - now.getTime()
  if (perDay <= 0n || remainingMs <= 0) return undefined
  const more = (perDay * BigInt(remainingMs)) / BigInt(DAY_MS)
  const left = left_nano === null ? undefined : BigInt(left_nano)
  const fullMs = left === undefined || left > more ? undefined : Number((left * BigInt(DAY_MS)) / perDay)
  return {
    perDayNano: String(perDay),
    byResetNano: String(BigInt(spent_nano) + more),
    ...(fullMs === undefined ? {} : { fullAt: new Date(now.getTime() + fullMs).toISOString() }),
  }
}
