// What the database says of itself, its queues and the keys.
import type { Reader } from '../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../platform/db/statements.ts'

export interface ServerFacts {
  readonly version: string
  readonly vector: string | null
}

export async function serverFacts(tx: Reader): Promise<ServerFacts | undefined> {
  return tx.first(sql<ServerFacts>`
    select split_part(current_setting('server_version'), ' ', 1) as version,
      (select extversion from pg_extension where extname = 'vector') as vector`)
}

export interface QueueRow {
  readonly name: string
  readonly waiting: number
  readonly put_off: number
  readonly running: number
  readonly failed: number
  readonly oldest_seconds: number | null
}

const queues = sqlFile<Record<string, never>, QueueRow>(import.meta.url, './queues.sql')

/** And how long ago, in seconds, a worker last looked after them; null when none ever did. */
export async function queueFacts(
  tx: Reader,
): Promise<{ readonly queues: QueueRow[]; readonly workerSeconds: number | null }> {
  const [rows, worker] = await Promise.all([
    tx.all(queues({})),
    tx.first(sql<{ seconds: number | null }>`
      select extract(epoch from now() - max(monitor_on))::float8 as seconds from pgboss.queue`),
  ])
  return { queues: rows, workerSeconds: worker?.seconds ?? null }
}

export interface KeyRow {
  readonly id: string
  readonly status: 'active' | 'retiring' | 'retired'
  readonly created_at: Date
  readonly accepted_until: Date | null
}

export async function keyFacts(tx: Reader): Promise<KeyRow[]> {
  return tx.all(sql<KeyRow>`
    select kid as id, status, created_at, accepted_until from app.signing_key
    where accepted_until is null or accepted_until > now() order by created_at desc`)
}

export async function servingModel(tx: Reader): Promise<string | undefined> {
  const row = await tx.first(sql<{ name: string }>`
    select name from app.embedding_model where state = 'serving'`)
  return row?.name
}
