// Wakes those who wait for events of a stream: one LISTEN for the whole process. A hint is no promise: it may come
// for nothing or not at all, so whoever waits looks for himself, and no later than he would have without.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import type { Engine, Hearing } from '../db/engine/engine.ts'

/** Where `append` notifies; the payload is the id of the stream. */
const CHANNEL = 'gatehouse_journal'
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000

export interface JournalHints {
  /** Resolves, and never rejects: at a hint for one of the streams, after `ms`, or at once on abort. */
  wait(streamIds: readonly string[], ms: number, signal: AbortSignal): Promise<void>
  /** Stops listening and wakes everybody. */
  close(): Promise<void>
}

type Listen = NonNullable<Engine['listen']>

interface Waiter {
  readonly streamIds: readonly string[]
  wake(): void
}

/**
 * `listen` is that of the application's login (`OpenDatabase.listen`); without one, every wait lasts its time. The
 * connection is opened at the first wait and stays; while it is lost, it is sought again with growing pauses.
 */
export function journalHints(listen: Listen | undefined): JournalHints {
  const waiters = new Set<Waiter>()
  const wakeAll = (): void => {
    for (const { wake } of waiters) wake()
  }
  const listener = lastingListener(listen, {
    heard: streamId => {
      for (const { streamIds, wake } of waiters) if (streamIds.includes(streamId)) wake()
    },
    // What was notified before it stood, for the first time or again, was missed.
    listening: wakeAll,
  })
  return {
    async wait(streamIds, ms, signal) {
      if (signal.aborted) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const wake = (): void => resolve()
      const waiter = { streamIds, wake }
      const timer = setTimeout(wake, ms)
      signal.addEventListener('abort', wake, { once: true })
      waiters.add(waiter)
      listener.open()
      await promise
      waiters.delete(waiter)
      signal.removeEventListener('abort', wake)
      clearTimeout(timer)
    },
    async close() {
      wakeAll()
      await listener.close()
    },
  }
}

/** Listens from `open` to `close`. A listener that stands comes back by itself; one that never stood is tried again. */
function lastingListener(
  listen: Listen | undefined,
  hearing: Hearing,
): { open(): void; close(): Promise<void> } {
  // The connection outlives whoever happens to wait first: it must not carry his request and transaction with it.
  const outside = AsyncLocalStorage.snapshot()
  const closing = new AbortController()
  let standing: ReturnType<typeof connect> | undefined

  async function connect(): Promise<{ close(): Promise<void> } | undefined> {
    for (let failures = 0; listen !== undefined && !closing.signal.aborted; failures++) {
      try {
        return await listen(CHANNEL, hearing)
      } catch {
        const ms = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures)
        await pause(ms, undefined, { signal: closing.signal }).catch(() => undefined)
      }
    }
    return undefined
  }

  return {
    open: () => {
      standing ??= outside(connect)
    },
    close: async () => {
      closing.abort()
      const listening = await standing
      await listening?.close()
    },
  }
}
