// Waits for the next events of streams, whoever writes them and wherever: woken by a hint, looking now and then in
// any case, and holding no transaction while it waits.
import type { Reader } from '../db/database.ts'
import { refuseInsideTransaction } from '../db/open-transaction.ts'
import { fault } from '../faults.ts'
import type { JournalHints } from './hints.ts'
import { readEvents, type Cursor, type JournalEvent } from './journal.ts'

export interface Following {
  /** A short transaction of its own, under the tenant's seal. */
  readonly read: (look: (tx: Reader) => Promise<JournalEvent[]>) => Promise<JournalEvent[]>
  readonly hints: JournalHints
  readonly tenantId: string
  readonly cursors: readonly Cursor[]
  /** How long to wait for a first event; 0 only looks. */
  readonly waitMs: number
  readonly limit: number
  /** Asked after each look: nothing more will come, and nothing is waited for. */
  readonly isOver?: () => boolean
  /** Aborting it ends the wait at once, with the fault `cancelled`. */
  readonly signal: AbortSignal
}

/** No error: each of those is made with its stack, and turns end a thousand times a second. */
const OVER = 'over'

/**
 * The first events after the cursors, as `readEvents` orders them; empty when none came within `waitMs`. To follow on,
 * call again with each stream's cursor at its last event.
 */
export async function followEvents(following: Following): Promise<JournalEvent[]> {
  const { read, hints, tenantId, cursors, limit, signal } = following
  refuseInsideTransaction('following a journal')
  const streamIds = cursors.map(({ streamId }) => streamId)
  const until = performance.now() + following.waitMs
  let turn = new AbortController()
  const onAbort = (): void => turn.abort(OVER)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      if (signal.aborted) throw fault('cancelled')
      turn = new AbortController()
      const leftMs = until - performance.now()
      // Before the look, so that what is written right after it is not waited for.
      const hint = hints.wait(streamIds, Math.max(0, Math.min(hints.restMs(), leftMs)), turn.signal)
      const look = read(tx => readEvents(tx, tenantId, cursors, limit))
      const events = await unlessAborted(look, turn.signal)
      if (events.length > 0 || leftMs <= 0 || following.isOver?.() === true) return events
      await hint
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    turn.abort(OVER)
  }
}

/** The work's result, or `cancelled` as soon as the signal aborts; the work then ends by itself, unheard. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: gone, reject } = Promise.withResolvers<never>()
  const leave = (): void => reject(fault('cancelled'))
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  return Promise.race([work, gone]).finally(() => signal.removeEventListener('abort', leave))
}
