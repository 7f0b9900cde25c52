// So many calls at once, so many waiting, and no more: a slow server must not collect the whole process's work.

export interface Bulkhead {
  /** Runs `fn` when there is room. Undefined at once when the queue is full; rejects when `signal` ends the wait. */
  readonly run: <T>(fn: () => Promise<T>, signal: AbortSignal) => Promise<T> | undefined
}

export function bulkhead(concurrency: number, queue: number): Bulkhead {
  let running = 0
  const waiting = new Set<() => void>()

  const wait = (signal: AbortSignal): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const enter = (): void => {
      waiting.delete(enter)
      signal.removeEventListener('abort', leave)
      running++
      resolve()
    }
    // A place in the queue is free again as soon as its caller has left.
    const leave = (): void => {
      waiting.delete(enter)
      reject(signal.reason as Error)
    }
    if (running < concurrency) enter()
    else if (signal.aborted) leave()
    else {
      waiting.add(enter)
      signal.addEventListener('abort', leave, { once: true })
    }
    return promise
  }
  const runInside = async <T>(fn: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    await wait(signal)
    try {
      return await fn()
    } finally {
      running--
      const [next] = waiting
      next?.()
    }
  }
  return {
    run: (fn, signal) =>
      running >= concurrency && waiting.size >= queue ? undefined : runInside(fn, signal),
  }
}
