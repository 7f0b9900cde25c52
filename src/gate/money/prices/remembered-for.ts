// Answers that are remembered for a moment, so that many calls at once ask one question; forgotten all at once when what
// they say may have changed.

export interface Remembered<Answer> {
  /** The answer to `key`: a remembered one, or what `ask` says now. A failure is not remembered. */
  get(key: string, ask: () => Promise<Answer>): Promise<Answer>
  /** What is being asked at this moment is answered to those who wait, and to nobody after. */
  forget(): void
}

interface Entry<Answer> {
  readonly answer: Promise<Answer>
  readonly askedAt: number
}

/** A few megabytes; whoever makes up names only makes the others ask again. */
const MOST_ENTRIES = 10_000

/** An answer is as old as its question: it counts from when it was asked. The clock must not go backwards. */
export function rememberedFor<Answer>(
  ms: number,
  clock: () => number = () => performance.now(),
): Remembered<Answer> {
  const entries = new Map<string, Entry<Answer>>()
  return {
    get(key, ask) {
      const known = entries.get(key)
      if (known !== undefined && clock() - known.askedAt < ms) return known.answer
      const entry = { answer: ask(), askedAt: clock() }
      if (entries.size >= MOST_ENTRIES) entries.clear()
      entries.set(key, entry)
      entry.answer.catch(() => {
        if (entries.get(key) === entry) entries.delete(key)
      })
      return entry.answer
    },
    forget: () => entries.clear(),
  }
}
