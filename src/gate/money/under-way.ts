// Knows which payments are under way. Some outlast the call they were made for (a search that did not wait for its
// vector), and whoever closes the database lets them settle first.
import type { Spend, SpendAs } from './spend.ts'

export interface UnderWay {
  readonly spendAs: SpendAs
  /** Resolves when nothing is under way, or after so many milliseconds. Returns how many then still are. */
  ended(withinMs: number): Promise<number>
}

export function underWay(spendAs: SpendAs): UnderWay {
  const running = new Set<Promise<unknown>>()
  return {
    spendAs: spender => {
      const spend = spendAs(spender)
      const watched: Spend = (spending, fn) => {
        const settled = spend(spending, fn)
        running.add(settled)
        const leave = (): void => void running.delete(settled)
        settled.then(leave, leave)
        return settled
      }
      return watched
    },
    async ended(withinMs) {
      const late = Promise.withResolvers<undefined>()
      const timer = setTimeout(late.resolve, withinMs, undefined)
      await Promise.race([Promise.allSettled(running), late.promise])
      clearTimeout(timer)
      return running.size
    },
  }
}
