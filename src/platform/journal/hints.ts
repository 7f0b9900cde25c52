// Wakes those who wait for events of a stream: one LISTEN for the whole process. A hint is no promise: it may come
// for nothing or not at all, so whoever waits looks for himself, and no later than he would have without.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Statement } from '../db/database.ts'
import { sql } from '../db/statements.ts'
import type { Engine, Hearing } from '../db/engine/engine.ts'

/** Where `append` notifies; the payload is the id of the stream. */
const CHANNEL = 'gatehouse_journal'
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000

export interface JournalHints {
  /** Resolves, and never rejects: at a hint for one of the streams, after `ms`, or at once on abort. */
  wait(streamIds: readonly string[], ms: number, signal: AbortSignal): Promise<void>
  /**
   * How long whoever waits may rest between two looks of his own, in milliseconds: long while hints are known to arrive
   * (he is woken when they cease to), less than one second else.
   */
  restMs(): number
  /** Stops listening and wakes everybody. */
  close(): Promise<void>
}

type Listen = NonNullable<Engine['listen']>

/** The statement that sends one. Everyone on the database may hear it: it says which stream, nothing else. */
export function hintFor(streamId: string): Statement {
  return sql`select pg_notify(${CHANNEL}, ${streamId})`
}

/** Sends a hint for the stream, as `append` does. */
export type SendHint = (streamId: string) => Promise<unknown>

/** A hint that is lost costs no more than this, as long as nobody knows whether they arrive at all. */
const REST_MS = 900
/** A pooler takes a LISTEN and delivers nothing; a hint to oneself tells. Once it does not come, nobody rests on. */
const REST_WHEN_HEARD_MS = 20_000
const PROBE_EVERY_MS = 2_500
/** Three that were not heard are one too many. */
const HEARD_WITHIN_MS = 6_000

interface Waiter {
  readonly streamIds: readonly string[]
  wake(): void
}

/**
 * `listen` is that of the application's login (`OpenDatabase.listen`); without one, every wait lasts its time. The
 * connection is opened at the first wait and stays; while it is lost, it is sought again with growing pauses. With
 * `send`, hints to oneself tell every few seconds whether they arrive.
 */
export function journalHints(listen: Listen | undefined, send?: SendHint): JournalHints {
  const waiters = new Set<Waiter>()
  const probe = randomUUID()
  let heardAt = Number.NEGATIVE_INFINITY
  let mayRest = false
  const wakeAll = (): void => {
    for (const { wake } of waiters) wake()
  }
  const probing = setInterval(() => {
    // Nobody waits: nobody needs to know.
    if (waiters.size === 0) return
    const couldRest = mayRest
    mayRest = performance.now() - heardAt < HEARD_WITHIN_MS
    if (couldRest && !mayRest) wakeAll()
    send?.(probe).catch(() => undefined)
  }, PROBE_EVERY_MS).unref()
  const listener = lastingListener(listen, {
    heard: streamId => {
      if (streamId === probe) heardAt = performance.now()
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
    restMs: () => (performance.now() - heardAt < HEARD_WITHIN_MS ? REST_WHEN_HEARD_MS : REST_MS),
    async close() {
      clearInterval(probing)
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
