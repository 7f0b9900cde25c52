// A process killed in the middle of ingestion: what it had acknowledged is there, and nothing is there by half.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { provisionTenant } from '../../src/features/tenants/provision-tenant.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { pgliteEngine } from '../../src/platform/db/engine/pglite-engine.ts'
import { ownerDatabase } from '../../src/platform/db/owner-database.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase } from '../harness/database.ts'
import { indexFaults } from '../harness/index-faults.ts'
import type { IngestOrder } from './ingest-forever.ts'

interface Ground {
  readonly order: IngestOrder
  /** Opens the database again after the kill. */
  look<T>(fn: (database: Database) => Promise<T>): Promise<T>
  clear(): Promise<void>
}

const template = inject('template')
let ground: Ground

beforeAll(async () => {
  ground = inject('engine') === 'pglite' ? await embeddedGround() : await serverGround()
}, 120_000)
afterAll(() => ground.clear())

async function serverGround(): Promise<Ground> {
  const db = await openTestDatabase()
  const order = { tenantId: await db.createTenant(), sealKey: template.sealKey, url: db.urls!.app }
  return { order, look: fn => fn(db.database), clear: db.close }
}

/** A folder of its own, since a cluster in memory dies with its process. */
async function embeddedGround(): Promise<Ground> {
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
    await provisionTenant(
      ownerDatabase({ engine, sealKey: () => sealKey, role: 'gatehouse_owner' }),
      tenantId,
    )
  }, snapshot)
  return {
    order: { tenantId, sealKey: template.sealKey, folder: join(folder, 'pg') },
    look: fn => open(fn),
    clear: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Runs the ingesting process until it has acknowledged `documents`, lets it run on a little, and kills it. */
async function ingestAndKill(documents: number, laterMs: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'ingest-forever.ts'), JSON.stringify(ground.order)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = new Promise(resolve => child.once('close', resolve))
  let said = ''
  for await (const piece of child.stdout) {
    said += String(piece)
    if (!child.killed && said.split('\n').length > documents) {
      await new Promise(resolve => setTimeout(resolve, laterMs))
      child.kill('SIGKILL')
    }
  }
  await ended
  // The last line may be cut.
  return said.split('\n').slice(0, -1)
}

test.each([3, 47, 131])(
  'killed %d ms after an acknowledgement: all that was acknowledged is there, nothing by half',
  async laterMs => {
    const said = await ingestAndKill(8, laterMs)
    const scope = { tenantId: ground.order.tenantId, subject: 'look' }
    await ground.look(async database => {
      expect(await database.readAs(scope, indexFaults)).toEqual([])
      const rows = await database.readAs(scope, tx =>
        tx.all(sql<{ id: string }>`select id from app.document`),
      )
      const there = new Set(rows.map(({ id }) => id))
      const withdrawn = said.filter(line => line.startsWith('-')).map(line => line.slice(1))
      const kept = said.filter(line => !line.startsWith('-') && !withdrawn.includes(line))
      // The kill may have come after a withdrawal and before its line.
      const missing = kept.filter(id => !there.has(id))
      expect(missing.length).toBeLessThanOrEqual(1)
      expect(missing.every(id => id === kept.at(-1))).toBe(true)
      expect(withdrawn.filter(id => there.has(id))).toEqual([])
    })
  },
  120_000,
)
