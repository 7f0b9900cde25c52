// A stream whose source runs by itself: it ends on its own terms (settles what it cost) also when nobody reads any more.

type Source<T> = (signal: AbortSignal, put: (item: T) => void) => Promise<void>

/**
 * What `source` puts, in order; then its failure, if it failed. Its signal is aborted with the caller's, and when the
 * reader stops; the reader is let go when the source has ended. What is put waits in memory: a source is bounded.
 */
export async function* relayed<T>(caller: AbortSignal, source: Source<T>): AsyncGenerator<T> {
  const leaving = new AbortController()
  const waiting: T[] = []
  let wake = Promise.withResolvers<void>()
  let isOver = false
  const over = source(AbortSignal.any([caller, leaving.signal]), item => {
    waiting.push(item)
    wake.resolve()
  }).finally(() => {
    isOver = true
    wake.resolve()
  })
  // Its failure is thrown below, where it is awaited.
  over.catch(() => undefined)
  try {
    for (;;) {
      yield* waiting.splice(0)
      if (waiting.length > 0) continue
      if (isOver) break
      await wake.promise
      wake = Promise.withResolvers<void>()
    }
    await over
  } finally {
    leaving.abort()
    await over.catch(() => undefined)
  }
}
