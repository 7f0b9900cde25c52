// The gap of a job that stands for all: a transaction finds one waiting and sends none, the waiting one runs and ends
// before that transaction commits, and what it commits then waits for nobody. A lock closes it: who sends holds it,
// shared, until the commit; the handler ends only when it could have it alone.
import type { Writer } from '../db/database.ts'
import { sql } from '../db/statements.ts'
import type { Queue } from './queue.ts'

const SENDING = 7_474_011

export async function markSending(tx: Writer, { name }: Queue, tenantId: string): Promise<void> {
  await tx.run(
    sql`select pg_advisory_xact_lock_shared(hashtextextended(${`${name} ${tenantId}`}, ${SENDING}))`,
  )
}

/**
 * Whether another transaction that sent the tenant a singleton job of the queue has yet to commit. The handler asks
 * before it looks for the last time, in one transaction: true means look again later (send the job once more, with a
 * pause), false that what it sees from the next statement on is all there is. Never waits.
 */
export async function isBeingSent(tx: Writer, { name }: Queue, tenantId: string): Promise<boolean> {
  const alone = await tx.first(
    sql<{ got: boolean }>`
      select pg_try_advisory_xact_lock(hashtextextended(${`${name} ${tenantId}`}, ${SENDING})) as got`,
  )
  return alone?.got !== true
}
