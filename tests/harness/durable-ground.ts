// A tenant on a database that outlives the processes that write to it: for tests that kill them. On the embedded engine
// it is a folder, opened by one process at a time.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { provisionTenant } from '../../src/features/tenants/storage/provision-tenant.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { pgliteEngine } from '../../src/platform/db/engine/pglite-engine.ts'
import { ownerDatabase } from '../../src/platform/db/owner-database.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase } from './database.ts'

export interface DurableGround {
  readonly isEmbedded: boolean
  /** What a process of its own needs to reach the tenant. */
  readonly order: {
    readonly tenantId: string
    readonly sealKey: { readonly id: string; readonly secret: string }
    readonly url?: string
    readonly folder?: string
  }
  /** Opens the database for `fn`; on the embedded engine no other process may have it open meanwhile. */
  look<T>(fn: (database: Database) => Promise<T>): Promise<T>
  clear(): Promise<void>
}

export function openDurableGround(): Promise<DurableGround> {
  return inject('engine') === 'pglite' ? embeddedGround() : serverGround()
}

async function serverGround(): Promise<DurableGround> {
  const db = await openTestDatabase()
  const { sealKey } = inject('template')
  const order = { tenantId: await db.createTenant(), sealKey, url: db.urls!.app }
  return { isEmbedded: false, order, look: fn => fn(db.database), clear: db.close }
}

/** A folder of its own, since a cluster in memory dies with its process. */
async function embeddedGround(): Promise<DurableGround> {
  const template = inject('template')
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-kill-'))
  const sealKey = { id: template.sealKey.id, secret: Buffer.from(template.sealKey.secret, 'hex') }
  const snapshot = new Uint8Array(await readFile(template.snapshot))
  const tenantId = uuidv7()
  const open = async <T>(
    fn: (database: Database, engine: Awaited<ReturnType<typeof pgliteEngine>>) => Promise<T>,
    from?: typeof snapshot,
  ) => {
    const engine = await pgliteEngine({ folder: join(folder, 'pg'), snapshot: from })
    try {
      return await fn(sealedDatabase({ engine, sealKey: () => sealKey, role: 'gatehouse_app' }), engine)
    } finally {
      await engine.close()
    }
  }
  await open(async (database, engine) => {
    await database.system('manage_tenants', tx =>
      tx.run(sql`insert into app.tenant (id, slug, name) values (${tenantId}, 'killed', 'killed')`),
    )
    const owner = ownerDatabase({ engine, sealKey: () => sealKey, role: 'gatehouse_owner' })
    await provisionTenant(owner, tenantId)
  }, snapshot)
  return {
    isEmbedded: true,
    order: { tenantId, sealKey: template.sealKey, folder: join(folder, 'pg') },
    look: fn => open(fn),
    clear: () => rm(folder, { recursive: true, force: true }),
  }
}
