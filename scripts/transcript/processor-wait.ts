// How long a Node process could have run and had no processor, as Linux counts it for every thread. It tells a machine that
// is busy with something else from a server that is busy itself.
import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessorWait {
  /** Milliseconds waited since the last time it was asked. */
  sinceLast(): number
}

/**
 * Of the main thread, and of the slowest of V8's helpers, for which the main thread stands still in a garbage collection.
 * Where nobody counts, the answer is 0.
 */
export function processorWait(pid: number): ProcessorWait {
  const threads = threadsOf(pid)
  const helpers = threads.filter(thread => nameOf(thread) === 'V8Worker')
  const main = `/proc/${pid}/task/${pid}`
  let last = new Map([main, ...helpers].map(thread => [thread, waitedMs(thread)]))
  return {
    sinceLast() {
      const now = new Map([main, ...helpers].map(thread => [thread, waitedMs(thread)]))
      const since = (thread: string): number => (now.get(thread) ?? 0) - (last.get(thread) ?? 0)
      const waited = since(main) + Math.max(0, ...helpers.map(since))
      last = now
      return waited
    },
  }
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(thread => `/proc/${pid}/task/${thread}`)
  } catch {
    return []
  }
}

function nameOf(thread: string): string {
  return readFileSync(`${thread}/comm`, 'utf8').trim()
}

/** The second figure of schedstat: nanoseconds spent in the queue for a processor. */
function waitedMs(thread: string): number {
  try {
    return Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}
