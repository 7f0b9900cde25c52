// Waits for the next events of streams, whoever writes them and wherever: woken by a hint, looking once a second in
// any case, and holding no transaction while it waits.
import { refuseInsideTransaction } from '../db/open-transaction.ts'
import type { TenantDoors } from '../db/tenant-doors.ts'
import { fault } from '../faults.ts'
import type { JournalHints } from './hints.ts'
import { readEvents, type Cursor, type JournalEvent } from './journal.ts'

/** A NOTIFY that is lost costs no more than this. */
const POLL_MS = 1_000

export interface Following {
  /** A short transaction of its own, under the tenant's seal. */
  readonly read: TenantDoors['read']
  readonly hints: JournalHints
  readonly tenantId: string
  readonly cursors: readonly Cursor[]
  /** How long to wait for a first event; 0 only looks. */
  readonly waitMs: number
  readonly limit: number
  /** Aborting it ends the wait at once, with the fault `cancelled`. */
  readonly signal: AbortSignal
}

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
  const onAbort = (): void => turn.abort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      if (signal.aborted) throw fault('cancelled')
      turn = new AbortController()
      const leftMs = until - performance.now()
      // Before the look, so that what is written right after it is not waited for.
      const hint = hints.wait(streamIds, Math.max(0, Math.min(POLL_MS, leftMs)), turn.signal)
      const look = read(tx => readEvents(tx, tenantId, cursors, limit))
      const events = await unlessAborted(look, turn.signal)
      if (events.length > 0 || leftMs <= 0) return events
      await hint
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    turn.abort()
  }
}

/** The work's result, or `cancelled` as soon as the signal aborts; the work then ends by itself, unheard. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: gone, reject } = Promise.withResolvers<never>()
  const leave = (): void => reject(fault('cancelled'))
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  return Promise.race([work, gone])
}
