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
  const unit = Math.ceil(SECOND_US / limit.perSecond)
  const capacity = limit.burst * unit
  const cost = Math.min(weight, limit.burst) * unit
  const before = Math.max(fullAt ?? now, now)
  const allowed = before + cost - now <= capacity
  const after = allowed ? before + cost : before
  const room = capacity - (after - now)
  const remaining = Math.floor(room / unit)
  return {
    fullAt: after,
    decision: {
      limit,
      allowed,
      remaining,
      resetAfterMs: remaining === limit.burst ? 0 : toMs((remaining + 1) * unit - room),
      retryAfterMs: allowed ? 0 : toMs(before + cost - now - capacity),
    },
  }
}

function toMs(microseconds: number): number {
  return Math.ceil(microseconds / 1000)
}
