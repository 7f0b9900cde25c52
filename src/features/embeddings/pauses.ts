// How long work waits that cannot go on: a second, then twice as long each time, a minute at most.

export interface Pauses {
  /** The next pause of whoever failed once more, in milliseconds. */
  grow(name: string): number
  /** Whoever got on begins anew. */
  reset(name: string): void
}

const FIRST_MS = 1_000
const LONGEST_MS = 60_000

/** Up to a fifth is taken off by chance, so that a thousand tenants do not come back in one second. */
export function growingPauses(random: () => number = Math.random): Pauses {
  const failures = new Map<string, number>()
  return {
    grow(name) {
      const before = failures.get(name) ?? 0
      failures.set(name, before + 1)
      return Math.round(Math.min(LONGEST_MS, FIRST_MS * 2 ** before) * (1 - random() / 5))
    },
    reset: name => void failures.delete(name),
  }
}
