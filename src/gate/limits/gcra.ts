// The generic cell rate algorithm: a bucket of `burst` units that fills at `perSecond`, kept as one number, the
// time at which it is full again. Pure; all times are whole microseconds, so that no rounding ever admits a unit
// too much. At most burst + perSecond·t units pass in any window of t seconds.

export interface Limit {
  /** What the limit is called on the wire: lower-case letters and hyphens. */
  readonly name: string
  /** Units that come back each second. */
  readonly perSecond: number
  /** Units that may be taken at once, a whole number of at least 1. */
  readonly burst: number
}

export interface Decision {
  readonly limit: Limit
  readonly allowed: boolean
  /** Whole units that could be taken right now. */
  readonly remaining: number
  /** Until one unit more than `remaining` is there; 0 when nothing is missing. */
  readonly resetAfterMs: number
  /** Until what was refused can pass; 0 when it was allowed. */
  readonly retryAfterMs: number
}

const SECOND_US = 1_000_000

/** A bucket's sizes in the microseconds its units take to come back. */
export interface Measures {
  readonly unit: number
  readonly capacity: number
  readonly cost: number
}

/** A weight above the burst counts as the burst. */
export function measuresOf({ perSecond, burst }: Limit, weight: number): Measures {
  if (!Number.isInteger(weight) || weight < 0) throw new RangeError(`${weight} is no weight`)
  const unit = Math.ceil(SECOND_US / perSecond)
  return { unit, capacity: burst * unit, cost: Math.min(weight, burst) * unit }
}

/**
 * Takes `weight` units if they are there. `fullAt` is what the last decision returned (undefined: full) and goes
 * into the next one. A weight above the burst counts as the burst: it passes when the bucket is full.
 */
export function gcra(
  limit: Limit,
  fullAt: number | undefined,
  now: number,
  weight: number,
): { decision: Decision; fullAt: number } {
  const { capacity, cost } = measuresOf(limit, weight)
  // No bucket is emptier than empty: one that was left by a limit of slower refill, or by a clock that has since been
  // set back, locks nobody out for longer than it takes to fill.
  const before = Math.min(Math.max(fullAt ?? now, now), now + capacity)
  const waitUs = Math.max(0, before + cost - now - capacity)
  const after = waitUs === 0 ? before + cost : before
  return { fullAt: after, decision: decisionOf(limit, { usedUs: after - now, waitUs }) }
}

/** In words: a bucket that lacks so much, and for how long what was asked of it has to wait. */
export function decisionOf(
  limit: Limit,
  { usedUs, waitUs }: { readonly usedUs: number; readonly waitUs: number },
): Decision {
  const { unit, capacity } = measuresOf(limit, 0)
  const room = capacity - usedUs
  const remaining = Math.floor(room / unit)
  return {
    limit,
    allowed: waitUs === 0,
    remaining,
    resetAfterMs: remaining === limit.burst ? 0 : toMs((remaining + 1) * unit - room),
    retryAfterMs: toMs(waitUs),
  }
}

function toMs(microseconds: number): number {
  return Math.ceil(microseconds / 1000)
}
