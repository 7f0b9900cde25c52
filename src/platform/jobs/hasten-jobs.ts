// Wakes jobs that were put off: what they wait for is there.
import type { Engine } from '../db/engine/engine.ts'
import { bossDatabase } from './boss-database.ts'
import type { Queue } from './queue.ts'

/** Those of a tenant that wait in the queue may run now. Through the login that claims jobs; returns how many. */
export async function hastenJobs(engine: Engine, { name }: Queue, tenantId: string): Promise<number> {
  const boss = bossDatabase(engine, engine.kind === 'pglite' ? 'gatehouse_worker' : undefined)
  const { rows } = await boss.executeSql(
    `update pgboss.job set start_after = pgboss.job_now()
      where name = $1 and data ->> 'tenantId' = $2 and state in ('created', 'retry') and start_after > pgboss.job_now()
      returning id`,
    [name, tenantId],
  )
  return rows.length
}
