// Waits for the transactions that may know the models of before.
import { setTimeout as wait } from 'node:timers/promises'
import type { OwnerDatabase } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'

/** Calls end after 30 s. Publishing a large text may take minutes: then the job gives up and is tried again. */
const READERS_END_WITHIN_MS = 60_000

/**
 * Resolves when every transaction has ended that read the list of models before this was called: what a later one does,
 * it does for the models that are committed now. A statement locks its table before it takes the snapshot it sees, so
 * whoever holds a lock now is all there is. Nobody waits for this.
 */
export async function modelReadersEnded(owner: OwnerDatabase): Promise<void> {
  const readers = await owner.transaction(tx =>
    tx.all(sql<{ id: string }>`
      select distinct virtualtransaction as id from pg_locks
      where database = (select oid from pg_database where datname = current_database())
        and relation = 'app.embedding_model'::regclass and pid <> pg_backend_pid()`),
  )
  for (let waitedMs = 0; readers.length > 0; waitedMs += 50) {
    const left = await owner.transaction(tx =>
      tx.first(sql`
        select from pg_locks where locktype = 'virtualxid' and virtualxid = any(${readers.map(({ id }) => id)})`),
    )
    if (left === undefined) return
    if (waitedMs > READERS_END_WITHIN_MS)
      throw fault('unavailable', { detail: 'a transaction that read the models does not end' })
    await wait(50)
  }
}
