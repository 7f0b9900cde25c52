// A whole server in this process on a database made for the run and dropped after it, and callers whose operations go
// through the gate.
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import manifest from '../../package.json' with { type: 'json' }
import type { Tenant } from '../../src/features/tenants/tenant-rows.ts'
import { waitUntilActive } from '../../src/features/tenants/wait-until-active.ts'
import { openGatehouse, type Gatehouse } from '../../src/gatehouse.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { initDatabase, type Login } from '../../src/platform/db/schema/init-database.ts'
import type { Engine, WireRow } from '../../src/platform/db/engine/engine.ts'
import { pgEngine } from '../../src/platform/db/engine/pg-engine.ts'
import { sql } from '../../src/platform/db/statements.ts'

export type EngineName = 'pglite' | 'postgres'

export interface Ground {
  readonly engine: EngineName
  /** Such as "PostgreSQL 18.6" or "PGlite 0.5.14". */
  readonly version: string
  createTenant(slug: string): Promise<TenantCaller>
  /** The milliseconds that the oldest transaction of the server's logins has lasted; undefined on the embedded engine. */
  readonly oldestTransaction: (() => Promise<number>) | undefined
  close(): Promise<void>
}

export interface TenantCaller {
  readonly tenantId: string
  call(operation: string, input: unknown): Promise<Record<string, unknown>>
  /** How many rows of a table are the tenant's. */
  count(table: 'chunk' | 'pending_embedding'): Promise<number>
}

/** Where `npm run postgres` listens. */
const TREE = 'postgres://postgres@127.0.0.1:55518/postgres'
const SCOPES = new Set(['documents:read', 'documents:write'])

export async function openGround(engine: EngineName): Promise<Ground> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  const closing: (() => Promise<unknown>)[] = [() => rm(dataDir, { recursive: true, force: true })]
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step()
  }
  try {
    const server = engine === 'postgres' ? await makeDatabase(closing) : undefined
    const config = loadConfig({
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_SAMPLES: 'off',
      GATEHOUSE_RATE_PER_SECOND: '1000000',
      GATEHOUSE_RATE_BURST: '1000000',
      ...server?.env,
    })
    const log = createLogger('warn')
    const gatehouse = await openGatehouse({ config, log, progress: () => undefined })
    closing.push(() => gatehouse.close())
    return {
      engine,
      version: server?.version ?? `PGlite ${manifest.dependencies['@electric-sql/pglite']}`,
      createTenant: slug => createTenant(gatehouse, slug),
      oldestTransaction: server?.oldestTransaction,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

type Count = { readonly count: number }

async function createTenant(gatehouse: Gatehouse, slug: string): Promise<TenantCaller> {
  const ask = async (): Promise<Tenant> =>
    (await gatehouse.operate('get_tenant', { tenant: slug }))['tenant'] as Tenant
  await gatehouse.operate('create_tenant', { slug, name: slug })
  const { id: tenantId } = await waitUntilActive(ask)
  const principal = {
    realm: 'tenant' as const,
    tenantId,
    subject: 'bench',
    scopes: SCOPES,
    tokenId: randomUUID(),
    expiresAt: Math.floor(Date.now() / 1_000) + 86_400,
  }
  const { signal } = new AbortController()
  const { database } = gatehouse.opened
  const counts = {
    chunk: sql<Count>`select count(*)::int from app.chunk where tenant_id = ${tenantId}`,
    pending_embedding: sql<Count>`
      select count(*)::int from app.pending_embedding where tenant_id = ${tenantId}`,
  }
  return {
    tenantId,
    call: (name, input) => {
      const operation = gatehouse.catalog.find(candidate => candidate.name === name)
      if (operation === undefined) throw new Error(`the catalog has no ${name}`)
      return gatehouse.run(operation, input, principal, { requestId: randomUUID(), signal })
    },
    count: async table => {
      const row = await database.readAs({ tenantId, subject: 'bench' }, tx => tx.first(counts[table]))
      return row?.count ?? 0
    },
  }
}

interface MadeDatabase {
  readonly env: Record<string, string>
  readonly version: string
  readonly oldestTransaction: () => Promise<number>
}

/** A database with a login for each role; both go when the ground is closed. */
async function makeDatabase(closing: (() => Promise<unknown>)[]): Promise<MadeDatabase> {
  const outside = process.env['DATABASE_ADMIN_URL'] ?? TREE
  const name = `gatehouse_bench_${randomBytes(4).toString('hex')}`
  const password = randomBytes(16).toString('hex')
  const admin = engineAt(outside)
  closing.push(() => admin.close())
  const [server] = await statement(admin, 'show server_version')
  await statement(admin, `create database ${name}`)
  closing.push(async () => {
    await gone(admin, name)
    await statement(admin, `drop database if exists ${name} with (force)`)
    for (const group of GROUPS) await statement(admin, `drop role if exists ${name}_${group}`)
  })
  const inside = engineAt(Object.assign(new URL(outside), { pathname: `/${name}` }).href)
  const logins = GROUPS.map(
    (group): Login => ({ user: `${name}_${group}`, password, group: `gatehouse_${group}` }),
  )
  try {
    await initDatabase(inside, logins)
  } finally {
    await inside.close()
  }
  const login = (group: string): string => {
    const url = new URL(outside)
    return Object.assign(url, { username: `${name}_${group}`, password, pathname: `/${name}` }).href
  }
  return {
    env: {
      DATABASE_URL: login('app'),
      DATABASE_OWNER_URL: login('owner'),
      DATABASE_WORKER_URL: login('worker'),
    },
    version: `PostgreSQL ${/^[\d.]+/.exec(String(server?.['server_version']))?.[0] ?? ''}`,
    oldestTransaction: async () => {
      const [row] = await statement(
        admin,
        `select coalesce(max(extract(epoch from clock_timestamp() - xact_start)) * 1000, 0)::float8 as ms
        from pg_stat_activity where usename = '${name}_app'`,
      )
      return Number(row?.['ms'] ?? 0)
    },
  }
}

/** Waits for connections that are still being closed: cut off, they would be reported as lost. */
async function gone(admin: Engine, name: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const left = await statement(admin, `select from pg_stat_activity where datname = '${name}'`)
    if (left.length === 0) return
    await wait(100)
  }
}

const GROUPS = ['app', 'owner', 'worker'] as const

function engineAt(url: string): Engine {
  const options = { poolSize: 2, pooled: false, applicationName: 'gatehouse-bench' }
  return pgEngine({ ...options, url, onIdleError: () => undefined })
}

async function statement(engine: Engine, text: string): Promise<WireRow[]> {
  const session = await engine.acquire()
  try {
    const { rows } = await session.send({ text })
    session.release()
    return rows
  } catch (error) {
    session.release(true)
    throw error
  }
}
