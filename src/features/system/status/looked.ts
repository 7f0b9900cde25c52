// One look at something that may be away: how long it took, and in a word what is wrong. Never longer than its bound.
import { asFault } from '../../../platform/faults.ts'
import { within } from '../../../platform/redis/within.ts'

export interface Look<T> {
  readonly value: T | undefined
  readonly tookMs: number
  /** The code of a fault; never its words, which may name an address. */
  readonly problem: string | null
}

export const BOUND_MS = 2_000

/** Never rejects. What comes after the bound is dropped. */
export async function looked<T>(look: () => Promise<T>, boundMs = BOUND_MS): Promise<Look<T>> {
  const began = performance.now()
  const took = () => Math.round((performance.now() - began) * 10) / 10
  try {
    const value = await within(boundMs, look(), () => new TooLate())
    return { value, tookMs: took(), problem: null }
  } catch (error) {
    if (error instanceof TooLate) return { value: undefined, tookMs: took(), problem: 'no_answer_in_time' }
    const { reason, code } = asFault(error)
    return { value: undefined, tookMs: took(), problem: reason ?? code }
  }
}

class TooLate extends Error {}
