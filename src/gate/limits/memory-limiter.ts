// Limits counted in this process's memory, for a deployment of one process and for what several share while their store
// is away. `Limiter` is the face of both: all takings of a call in one step, all or none.
import { gcra, type Decision, type Limit } from './gcra.ts'

export interface Taking {
  readonly limit: Limit
  /** Whose allowance it is: compared character by character. */
  readonly key: string
  /** Units, a whole number; 1 by default. */
  readonly weight?: number
}

export interface Admission {
  readonly allowed: boolean
  /** One for each taking, in order. */
  readonly decisions: readonly Decision[]
}

export interface Limiter {
  take(taking: Taking): Promise<Decision>
  /** Takes from all limits when all allow; otherwise from none. */
  takeAll(takings: readonly Taking[]): Promise<Admission>
}

export interface MemoryLimiterOptions {
  /** Microseconds on a clock that never goes back; the process's own by default. */
  readonly monotonicClock?: () => number
  /**
   * Keys remembered for each limit, 100,000 by default. Beyond it the key that was asked for longest
   * ago is forgotten, and with it what it had used: a flood of new keys frees old ones, it never locks anyone out.
   */
  readonly maxKeys?: number
}

/** When each key's bucket is full again, in microseconds; a key that is not there has a full one. */
type Buckets = Map<string, number>

export function memoryLimiter({
  monotonicClock = processClock,
  maxKeys = 100_000,
}: MemoryLimiterOptions = {}): Limiter {
  // One map a limit, so that a flood of addresses cannot push out tenants.
  const byLimit = new Map<string, Buckets>()
  const bucketsOf = (limit: Limit): Buckets => {
    const buckets = byLimit.get(limit.name) ?? new Map<string, number>()
    byLimit.set(limit.name, buckets)
    return buckets
  }

  const takeAll = (takings: readonly Taking[]): Admission => {
    const now = monotonicClock()
    const undo: (() => void)[] = []
    const decisions = takings.map(({ limit, key, weight = 1 }) => {
      const buckets = bucketsOf(limit)
      const before = buckets.get(key)
      const { decision, fullAt } = gcra(limit, before, now, weight)
      put(buckets, key, fullAt, now)
      undo.push(() => put(buckets, key, before ?? now, now))
      return decision
    })
    for (const buckets of byLimit.values()) forget(buckets, now, maxKeys)
    if (decisions.every(decision => decision.allowed)) return { allowed: true, decisions }
    for (const back of undo.toReversed()) back()
    const left = ({ limit, key }: Taking): Decision => gcra(limit, bucketsOf(limit).get(key), now, 0).decision
    return {
      allowed: false,
      decisions: takings.map((taking, index) => {
        const decision = decisions[index]
        return decision === undefined || decision.allowed ? left(taking) : decision
      }),
    }
  }
  return {
    take: async taking => {
      const [decision] = takeAll([taking]).decisions
      return decision as Decision
    },
    takeAll: async takings => takeAll(takings),
  }
}

/** A Map iterates in order of insertion; re-inserting at each use makes it the order of use. */
function put(buckets: Buckets, key: string, fullAt: number, now: number): void {
  buckets.delete(key)
  if (fullAt > now) buckets.set(key, fullAt)
}

/** Drops what is over the cap, and the keys unused for longest if they are full again: two a call, where a call adds one. */
function forget(buckets: Buckets, now: number, maxKeys: number): void {
  for (let looked = 0; looked < 2; looked++) {
    const [oldest] = buckets
    if (oldest === undefined || (buckets.size <= maxKeys && oldest[1] > now)) return
    buckets.delete(oldest[0])
  }
}

function processClock(): number {
  return Math.floor(performance.now() * 1000)
}
