// Readings that many ask for at once: one runs, one waits, and nobody waits for ever.

/**
 * One reading at a time. Who asks while one is under way waits for the next, which all such callers share: the one
 * under way may have asked before the change that the caller wants to see.
 */
export function oneAtATime(read: () => Promise<void>) {
  let reading: Promise<void> | undefined
  let following: Promise<void> | undefined
  const follow = (): Promise<void> => {
    following = undefined
    return refresh()
  }
  const refresh = (): Promise<void> => {
    if (reading !== undefined) return (following ??= reading.then(follow, follow))
    reading = read().finally(() => {
      reading = undefined
    })
    return reading
  }
  return { refresh, isReading: () => reading !== undefined }
}

/** Resolves when `work` has, and after `ms` in any case; the work goes on. */
export async function settledWithin(ms: number, work: Promise<void>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
