// Puts a job into the caller's own transaction: it is there when the transaction commits, and never otherwise.
import { PgBoss } from 'pg-boss'
import type { Writer } from '../db/database.ts'
import { statementOf } from '../db/statements.ts'
import { fault } from '../faults.ts'
import { checkPayload, type JobPayload, type Queue } from './queue.ts'
import { markSending } from './sending.ts'

export interface SendOptions {
  /** Not before so many milliseconds have passed; at once by default. */
  readonly afterMs?: number
  /**
   * One job stands for all of the queue (declared with policy short) that a tenant has waiting: see `isBeingSent` for what its
   * handler has to ask before it ends.
   */
  readonly singleton?: boolean
}

/** Returns the job's id. Under a tenant's seal the job must be that tenant's; Postgres refuses any other. */
export async function sendJob<Id extends string>(
  tx: Writer,
  queue: Queue<Id>,
  payload: JobPayload<Id>,
  options?: SendOptions & { readonly singleton?: false },
): Promise<string>
/** Returns undefined when one is waiting already, which will do what this one would have. */
export async function sendJob<Id extends string>(
  tx: Writer,
  queue: Queue<Id>,
  payload: JobPayload<Id>,
  options: SendOptions & { readonly singleton: true },
): Promise<string | undefined>
export async function sendJob<Id extends string>(
  tx: Writer,
  queue: Queue<Id>,
  payload: JobPayload<Id>,
  { afterMs = 0, singleton = false }: SendOptions = {},
): Promise<string | undefined> {
  const boss = new PgBoss({ db: queueRow(queue.name), migrate: false })
  const { tenantId } = checkPayload(queue, payload)
  if (singleton) await markSending(tx, queue, tenantId)
  const id = await boss.send(queue.name, payload, {
    group: { id: tenantId },
    ...(singleton ? { singletonKey: tenantId } : {}),
    ...(afterMs > 0 ? { startAfter: new Date(Date.now() + afterMs) } : {}),
    db: { executeSql: async (text, values = []) => ({ rows: await tx.all(statementOf(text, values)) }) },
  })
  if (id !== null) return id
  if (singleton) return undefined
  throw fault('internal', { detail: `the queue ${queue.name} did not take a job` })
}

/**
 * Before it inserts, pg-boss asks a connection of its own where the queue's jobs lie. Inside a transaction on a single
 * session that would wait for ever; so it is told. It reads these three fields, and Postgres joins the real row.
 */
function queueRow(name: string) {
  return { executeSql: () => Promise.resolve({ rows: [{ name, table: 'job_common', notify: true }] }) }
}
