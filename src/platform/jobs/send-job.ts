// Puts a job into the caller's own transaction: it is there when the transaction commits, and never otherwise.
import { PgBoss } from 'pg-boss'
import type { Writer } from '../db/database.ts'
import { statementOf } from '../db/statements.ts'
import { fault } from '../faults.ts'
import { checkPayload, type JobPayload, type Queue } from './queue.ts'

/** Returns the job's id. Under a tenant's seal the job must be that tenant's; Postgres refuses any other. */
export async function sendJob<Id extends string>(
  tx: Writer,
  queue: Queue<Id>,
  payload: JobPayload<Id>,
): Promise<string> {
  const boss = new PgBoss({ db: queueRow(queue.name), migrate: false })
  const id = await boss.send(queue.name, checkPayload(queue, payload), {
    db: { executeSql: async (text, values = []) => ({ rows: await tx.all(statementOf(text, values)) }) },
  })
  if (id === null) throw fault('internal', { detail: `the queue ${queue.name} did not take a job` })
  return id
}

/**
 * Before it inserts, pg-boss asks a connection of its own where the queue's jobs lie. Inside a transaction on a single
 * session that would wait for ever; so it is told. It reads these three fields, and Postgres joins the real row.
 */
function queueRow(name: string) {
  return { executeSql: () => Promise.resolve({ rows: [{ name, table: 'job_common', notify: true }] }) }
}
