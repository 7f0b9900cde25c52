// Asks again while there is no answer: a server that restarts is back within seconds. Only for what may be repeated.
import { setTimeout as sleep } from 'node:timers/promises'
import { asFault, fault } from '../../../platform/faults.ts'

export interface Patience {
  /** How long without any answer until the last failure is thrown, in milliseconds. */
  readonly forMs?: number
  readonly firstPauseMs?: number
  readonly signal?: AbortSignal
}

const MOST_MS = 5_000

/** Runs `fn` until it answers or fails for another reason than `unavailable`. */
export async function patiently<T>(
  fn: () => Promise<T>,
  { forMs = 60_000, firstPauseMs = 200, signal }: Patience = {},
): Promise<T> {
  const end = performance.now() + forMs
  for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, MOST_MS)) {
    try {
      return await fn()
    } catch (error) {
      if (asFault(error).code !== 'unavailable' || performance.now() + pause > end) throw error
      // Half to all of it, so that eight files do not knock at the same moment.
      const ms = pause * (0.5 + Math.random() / 2)
      await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch((reason: unknown) => {
        throw fault('cancelled', { because: reason })
      })
    }
  }
}
