// When keys were last used: noted in memory, written now and then, at most once a minute for a key. A lost note is no
// harm; a write at every call would be.
import type { Database } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import type { KeyStanding } from './key-standings.ts'

export interface KeyUses {
  note(key: Pick<KeyStanding, 'id' | 'tenantId'>): void
  /** Writes what is due. Never rejects: it is tried again. */
  write(): Promise<void>
  start(): void
  /** Writes the rest. */
  stop(): Promise<void>
}

export interface KeyUsesOptions {
  readonly database: Pick<Database, 'writeAs' | 'system'>
  readonly log: Pick<Logger, 'warn'>
  /** Milliseconds since 1970; Date.now by default. */
  readonly clock?: () => number
}

const EVERY_MS = 2_000
const ONCE_IN_MS = 60_000

type Uses = Map<string, Date>

export function keyUses({ database, log, clock = Date.now }: KeyUsesOptions): KeyUses {
  const waiting = new Map<string | null, Uses>()
  const writtenAt = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined

  async function write(isLast = false): Promise<void> {
    const now = clock()
    for (const [id, at] of writtenAt) if (now - at >= ONCE_IN_MS) writtenAt.delete(id)
    for (const [tenantId, uses] of waiting) {
      const due = new Map([...uses].filter(([id]) => isLast || !writtenAt.has(id)))
      for (const id of due.keys()) uses.delete(id)
      if (uses.size === 0) waiting.delete(tenantId)
      if (due.size === 0) continue
      try {
        await writeUses(database, tenantId, due)
        for (const id of due.keys()) writtenAt.set(id, now)
      } catch (error) {
        // The tenant may be suspended by now; the next use is noted again.
        log.warn({ err: error }, 'the last use of keys could not be noted')
      }
    }
  }

  return {
    note({ id, tenantId }) {
      const uses = waiting.get(tenantId) ?? new Map<string, Date>()
      waiting.set(tenantId, uses.set(id, new Date(clock())))
    },
    write: () => write(),
    start() {
      timer ??= setInterval(() => void write(), EVERY_MS).unref()
    },
    async stop() {
      clearInterval(timer)
      timer = undefined
      await write(true)
    },
  }
}

async function writeUses(
  database: KeyUsesOptions['database'],
  tenantId: string | null,
  uses: Uses,
): Promise<void> {
  const used = JSON.stringify([...uses].map(([id, at]) => ({ id, at })))
  if (tenantId === null) {
    await database.system('sign_in', tx =>
      tx.run(sql`
        update app.key_standing k set last_used_at = used.at
        from jsonb_to_recordset(${used}::jsonb) as used (id text, at timestamptz)
        where k.id = used.id and tenant_of is null`),
    )
    return
  }
  await database.writeAs({ tenantId, subject: 'gatehouse:keys', isBackground: true }, tx =>
    tx.run(sql`
      update app.api_key k set last_used_at = used.at
      from jsonb_to_recordset(${used}::jsonb) as used (id text, at timestamptz)
      where k.tenant_id = ${tenantId} and k.id = used.id`),
  )
}
