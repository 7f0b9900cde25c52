// What is looked at while files go in: memory of this process and of the parsers, how long transactions last, and how
// long the searches of another tenant take.
import { globSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Ground, TenantCaller } from './ground.ts'
import type { Words } from './generated-text.ts'

export interface Watch {
  /** Ends the watch and says what it saw. */
  stop(): Promise<Seen>
}

export interface Seen {
  /** Of this process, in megabytes, over what it was at the start. */
  readonly growthMb: number
  /** Of the largest parser, in megabytes; 0 where the system does not tell (only Linux does). */
  readonly parserMb: number
  /** In milliseconds; undefined on the embedded engine, which cannot be asked. */
  readonly longestTransaction: number | undefined
}

const EVERY_MS = 100

export function watch({ oldestTransaction }: Pick<Ground, 'oldestTransaction'>): Watch {
  const start = process.memoryUsage.rss()
  const peak = { rss: start, parser: 0, transaction: 0 }
  const ending = new AbortController()
  const looking = (async () => {
    while (!ending.signal.aborted) {
      peak.rss = Math.max(peak.rss, process.memoryUsage.rss())
      peak.parser = Math.max(peak.parser, ...childrenMb())
      if (oldestTransaction !== undefined)
        peak.transaction = Math.max(peak.transaction, await oldestTransaction())
      await wait(EVERY_MS)
    }
  })()
  return {
    stop: async () => {
      ending.abort()
      await looking
      return {
        growthMb: (peak.rss - start) / 1_048_576,
        parserMb: peak.parser,
        longestTransaction: oldestTransaction === undefined ? undefined : peak.transaction,
      }
    },
  }
}

/** Resident megabytes of the processes that this one has started. */
function childrenMb(): number[] {
  return globSync(`/proc/${process.pid}/task/*/children`).flatMap(path =>
    read(path)
      .split(' ')
      .filter(pid => pid !== '')
      .map(pid => Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1_024),
  )
}

/** Empty for a process or thread that has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** How long each search took, in milliseconds; those that failed are counted apart. */
export interface Waits {
  readonly took: readonly number[]
  readonly failed: number
}

export interface Searches {
  /** Ends them. */
  stop(): Promise<Waits>
}

/** Asks ten times a second, whether or not the answer before is there: who waits is counted with all of the wait. */
export function searches(caller: TenantCaller, words: Words): Searches {
  const took: number[] = []
  const running = new Set<Promise<void>>()
  let failed = 0
  let due = performance.now() + EVERY_MS
  const ask = async (at: number): Promise<void> => {
    const query = [words.toSearchFor(), words.toSearchFor()].join(' ')
    try {
      await caller.call('hybrid_search', { query })
      took.push(performance.now() - at)
    } catch {
      failed++
    }
  }
  const timer = setInterval(() => {
    // A timer that comes late starts all that were due, each counted from when it was.
    for (; due <= performance.now(); due += EVERY_MS) {
      const one = ask(due).finally(() => running.delete(one))
      running.add(one)
    }
  }, 10)
  return {
    stop: async () => {
      clearInterval(timer)
      await Promise.all(running)
      return { took, failed }
    },
  }
}
