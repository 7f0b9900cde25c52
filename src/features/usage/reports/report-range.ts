// The days that a report or an export is about: whole days of UTC, both ends included.
import { z } from 'zod'
import { fault } from '../../../platform/faults.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 30
/** What a report looks through is bounded; an export is not. */
const MOST_DAYS = 366

const day = z.iso.date('must be a day like 2026-01-31')

export const rangeInput = {
  from: day.optional().describe('The first day (UTC).'),
  to: day.optional().describe('The last day (UTC), which is included.'),
}

export interface AskedRange {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export interface Days {
  readonly from: string
  readonly to: string
  /** Every day of the range. */
  readonly days: readonly string[]
  readonly starts: Date
  /** The first moment that is not in it. */
  readonly ends: Date
}

/** The last 30 days where nothing is asked for. */
export function reportRange({ from, to }: AskedRange, now: Date): Days {
  const last = to ?? dayOf(from === undefined ? now : later(now, startOf(from)))
  const first = from ?? dayOf(new Date(startOf(last).getTime() - (DEFAULT_DAYS - 1) * DAY_MS))
  refuseReversed(first, last)
  const starts = startOf(first)
  const ends = new Date(startOf(last).getTime() + DAY_MS)
  const count = Math.round((ends.getTime() - starts.getTime()) / DAY_MS)
  if (count > MOST_DAYS)
    throw refusal(`A report covers at most ${MOST_DAYS} days, these are ${count}; an export may have more.`)
  const days = Array.from({ length: count }, (_, index) => dayOf(new Date(starts.getTime() + index * DAY_MS)))
  return { from: first, to: last, days, starts, ends }
}

/** All there is where nothing is asked for. */
export function openRange({ from, to }: AskedRange): {
  readonly starts: Date | null
  readonly ends: Date | null
} {
  if (from !== undefined && to !== undefined) refuseReversed(from, to)
  return {
    starts: from === undefined ? null : startOf(from),
    ends: to === undefined ? null : new Date(startOf(to).getTime() + DAY_MS),
  }
}

function refuseReversed(from: string, to: string): void {
  if (from > to) throw refusal(`${from} is after ${to}: from is the first day, to the last.`)
}

function refusal(message: string): Error {
  return fault('invalid_input', { say: message, issues: [{ field: 'from', message }] })
}

function startOf(text: string): Date {
  return new Date(`${text}T00:00:00Z`)
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10)
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other
}
