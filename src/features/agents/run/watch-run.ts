// Watches over a run from beside it: a cancelled task, or one that another run has taken over, stops within a second, also
// where no hint arrives.
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from '../../../platform/db/statements.ts'
import type { TenantDoors } from '../../../platform/db/tenant-doors.ts'
import type { JournalHints } from '../../../platform/journal/hints.ts'
import type { RunKey } from '../../../platform/journal/journal.ts'
import { superseded } from '../../../platform/journal/superseded.ts'

export interface Watch {
  readonly read: TenantDoors['read']
  readonly hints: JournalHints
  readonly key: RunKey
  /** Ends the watch. */
  readonly signal: AbortSignal
  /** Told once, with a `superseded` fault. */
  readonly onLost: (why: Error) => void
}

const LOOK_EVERY_MS = 800
/** Every event of the run itself is a hint too: many share a look, and a run that is over sooner needs none. */
const REST_MS = 400

/** Resolves when the watch has ended; never rejects. */
export async function watchRun({ read, hints, key, signal, onLost }: Watch): Promise<void> {
  const { tenantId, streamId, epoch } = key
  // Waited for from before each look on: a hint that comes during the look or the rest is not lost.
  let hint = hints.wait([streamId], LOOK_EVERY_MS, signal)
  for (;;) {
    await pause(REST_MS, undefined, { signal }).catch(() => undefined)
    await hint
    if (signal.aborted) return
    hint = hints.wait([streamId], LOOK_EVERY_MS, signal)
    const mine = read(tx =>
      tx.first(sql`
        select from app.journal_stream where tenant_id = ${tenantId} and id = ${streamId} and epoch = ${epoch}`),
    )
    try {
      if ((await mine) === undefined) return onLost(superseded(streamId))
    } catch {
      // Nobody can tell: the next look, or the next write, will.
    }
  }
}
