// So many calls at once, so many waiting, and no more: a slow server must not collect the whole process's work. Among
// those who wait the owner with the fewest calls under way is next, and a full queue makes room for whoever waits less
// than others: one owner's flood is its own.

export interface Bulkhead {
  /**
   * Runs `fn` when there is room. Rejects with what `full` makes at once when the queue is full of others who wait no more
   * than `owner` does, or later when somebody who waits less takes the place; rejects when `signal` ends the wait.
   */
  readonly run: <T>(fn: () => Promise<T>, signal: AbortSignal, owner?: string) => Promise<T>
}

export interface BulkheadOptions {
  readonly concurrency: number
  readonly queue: number
  /** Why a call is turned away. */
  readonly full: () => Error
}

interface Waiter {
  enter(): void
  leave(why: unknown): void
}

/** Of work that is nobody's in particular. */
const NOBODY = ''

export function bulkhead({ concurrency, queue, full }: BulkheadOptions): Bulkhead {
  const running = new Map<string, number>()
  const waiting = waitingOwners()
  let all = 0

  const begin = (owner: string): void => {
    all++
    running.set(owner, (running.get(owner) ?? 0) + 1)
  }
  const end = (owner: string): void => {
    all--
    const left = (running.get(owner) ?? 0) - 1
    if (left > 0) running.set(owner, left)
    else running.delete(owner)
    waiting.next(one => running.get(one) ?? 0)?.enter()
  }
  const wait = (owner: string, signal: AbortSignal): Promise<void> => {
    if (waiting.count() >= queue) {
      const last = waiting.lastOfLongest(owner)
      if (last === undefined) throw full()
      last.leave(full())
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const forget = (): void => {
      waiting.remove(owner, waiter)
      signal.removeEventListener('abort', onAbort)
    }
    const waiter: Waiter = {
      enter() {
        forget()
        begin(owner)
        resolve()
      },
      leave(why) {
        forget()
        reject(why)
      },
    }
    const onAbort = (): void => waiter.leave(signal.reason)
    waiting.add(owner, waiter)
    signal.addEventListener('abort', onAbort, { once: true })
    return promise
  }
  return {
    async run(fn, signal, owner = NOBODY) {
      if (all < concurrency) begin(owner)
      else {
        signal.throwIfAborted()
        await wait(owner, signal)
      }
      try {
        return await fn()
      } finally {
        end(owner)
      }
    },
  }
}

/** Who waits, by owner. The owner whose call had its turn goes to the end. */
function waitingOwners() {
  const queues = new Map<string, Set<Waiter>>()
  let count = 0
  return {
    count: () => count,
    add(owner: string, waiter: Waiter): void {
      queues.set(owner, (queues.get(owner) ?? new Set()).add(waiter))
      count++
    },
    remove(owner: string, waiter: Waiter): void {
      const queue = queues.get(owner)
      if (queue?.delete(waiter) !== true) return
      count--
      queues.delete(owner)
      if (queue.size > 0) queues.set(owner, queue)
    },
    /** The first of the owner that has the fewest. */
    next(under: (owner: string) => number): Waiter | undefined {
      const [fewest] = [...queues.keys()].toSorted((one, other) => under(one) - under(other))
      return fewest === undefined ? undefined : queues.get(fewest)?.values().next().value
    },
    /** The last to come of the owner that has most waiting, if `owner` has fewer. */
    lastOfLongest(owner: string): Waiter | undefined {
      const [longest] = [...queues.values()].toSorted((one, other) => other.size - one.size)
      return longest !== undefined && longest.size > (queues.get(owner)?.size ?? 0) + 1
        ? [...longest].at(-1)
        : undefined
    },
  }
}
