// Limits that several processes share: counted in Redis, all takings of a call in one exchange. While Redis is away each
// process counts for itself, with its share of the rate; both sides begin with full buckets, so a change costs one burst
// more at most. Money is not counted here.
import { siblingText } from '../../platform/sibling-file.ts'
import { redisScript } from '../../platform/redis/redis-script.ts'
import type { SharedStore } from '../../platform/redis/shared-store.ts'
import { decisionOf, measuresOf, type Limit } from './gcra.ts'
import { memoryLimiter, type Admission, type Limiter, type Taking } from './memory-limiter.ts'

export interface SharedLimiterOptions {
  readonly store: SharedStore
  /** Processes that share the limits at least, whatever the store has seen of them. */
  readonly atLeast?: number
  /** Counts while the store is away. */
  readonly local?: Limiter
}

const takeAllScript = redisScript(siblingText(import.meta.url, './take-all.lua'))

export function sharedLimiter({
  store,
  atLeast = 1,
  local = memoryLimiter(),
}: SharedLimiterOptions): Limiter {
  const takeAll = async (takings: readonly Taking[]): Promise<Admission> => {
    if (takings.length === 0) return { allowed: true, decisions: [] }
    const measured = takings.map(({ limit, weight = 1 }) => measuresOf(limit, weight))
    const values = measured.flatMap(({ capacity, cost }) => [capacity, cost])
    let answer: unknown
    try {
      answer = await store.run(takeAllScript, takings.map(keyOf), values)
    } catch {
      const processes = Math.max(atLeast, store.processes())
      return local.takeAll(takings.map(taking => ({ ...taking, limit: shareOf(taking.limit, processes) })))
    }
    const numbers = answer as readonly number[]
    const decisions = takings.map(({ limit }, index) =>
      decisionOf(limit, { usedUs: Number(numbers[2 * index]), waitUs: Number(numbers[2 * index + 1]) }),
    )
    return { allowed: decisions.every(({ allowed }) => allowed), decisions }
  }
  return {
    takeAll,
    take: async taking => {
      const [decision] = (await takeAll([taking])).decisions
      if (decision === undefined) throw new Error('a taking without a decision')
      return decision
    },
  }
}

/**
 * A key begins with the tenant's id, which a Redis cluster keeps in one slot: what it hashes is in the braces. What a
 * subject is called cannot close them, since it comes after.
 */
function keyOf({ limit, key }: Taking): string {
  const [owner = '', ...rest] = key.split(' ')
  return `gatehouse:{${owner}}:${limit.name}:${rest.join(' ')}`
}

/** Of a limit, for one of so many processes. All get one call at once, or nobody could call at all. */
export function shareOf(limit: Limit, processes: number): Limit {
  const { perSecond, burst } = limit
  return { ...limit, perSecond: perSecond / processes, burst: Math.max(1, Math.floor(burst / processes)) }
}
