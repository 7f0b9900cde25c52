// Does something again and again until it is stopped. A plain interval is enough for upkeep: any number of processes may
// do it, none needs to, and what one leaves undone the next turn does.
import { setTimeout as wait } from 'node:timers/promises'

export interface Repeating {
  /** Resolves when the turn that is under way has ended. */
  stop(): Promise<void>
}

/** Begins at once. What a turn throws is handed to `onProblem`, and tried again with the next. */
export function repeating(
  everyMs: number,
  turn: (signal: AbortSignal) => Promise<unknown>,
  onProblem: (error: unknown) => void,
): Repeating {
  const stopping = new AbortController()
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await turn(stopping.signal).catch(onProblem)
      await wait(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const ended = work()
  return {
    stop: () => {
      stopping.abort()
      return ended
    },
  }
}
