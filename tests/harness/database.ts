// A fresh, migrated database of the engine under test, for one test file. Everything under test runs as the
// application role; the harness refuses to hand out a connection that could step round row-level security.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { inject } from 'vitest'
import { provisionTenant } from '../../src/features/tenants/storage/provision-tenant.ts'
import type { Database, OwnerDatabase } from '../../src/platform/db/database.ts'
import type { Engine, WireRow } from '../../src/platform/db/engine/engine.ts'
import { pgliteEngine } from '../../src/platform/db/engine/pglite-engine.ts'
import { toWire } from '../../src/platform/db/engine/value-types.ts'
import { ownerDatabase } from '../../src/platform/db/owner-database.ts'
import type { SealKey } from '../../src/platform/db/seal.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { adminEngine, serverEngine, urlOf } from './engines.ts'

declare module 'vitest' {
  interface ProvidedContext {
    engine: 'pglite' | 'postgres'
  }
}

export interface TestDatabase {
  readonly engine: 'pglite' | 'postgres'
  readonly database: Database
  readonly owner: OwnerDatabase
  /** The engine that jobs are claimed through. */
  readonly worker: Engine
  /** The engine below `database`: for statements outside of any seal. */
  readonly app: Engine
  readonly sealKey: SealKey
  /** Of the server: the URL of each role's login; undefined on the embedded engine. */
  readonly urls: { readonly app: string; readonly owner: string; readonly worker: string } | undefined
  /** Runs a statement as the administrator, past all policies. */
  asAdmin(text: string, values?: readonly unknown[]): Promise<WireRow[]>
  /** Runs a statement as the administrator in a transaction that stays open until it is released. */
  lockAsAdmin(text: string): Promise<{ release(): Promise<void> }>
  /** Makes an active tenant with its partitions and returns its id. */
  createTenant(slug?: string): Promise<string>
  close(): Promise<void>
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const kind = inject('engine')
  const template = inject('template')
  const sealKey = { id: template.sealKey.id, secret: Buffer.from(template.sealKey.secret, 'hex') }
  const engines = kind === 'pglite' ? await embedded(template.snapshot) : await onServer(template)
  const database = sealedDatabase({
    engine: engines.app,
    sealKey: () => sealKey,
    ...(kind === 'pglite' ? { role: 'gatehouse_app' } : {}),
  })
  const owner = ownerDatabase({ engine: engines.owner, sealKey: () => sealKey, role: 'gatehouse_owner' })
  await refusePowerfulRole(database)
  return {
    engine: kind,
    database,
    owner,
    worker: engines.worker,
    app: engines.app,
    sealKey,
    urls: engines.urls,
    asAdmin: (text, values = []) => runAs(engines.admin, text, values),
    lockAsAdmin: async text => {
      const session = await engines.admin.acquire()
      await session.script(`begin; ${text}`)
      return {
        release: async () => {
          await session.script('rollback')
          session.release()
        },
      }
    },
    createTenant: async (slug = `t-${randomBytes(4).toString('hex')}`) => {
      const id = uuidv7()
      await database.system('manage_tenants', tx =>
        tx.run(sql`insert into app.tenant (id, slug, name) values (${id}, ${slug}, ${slug})`),
      )
      await provisionTenant(owner, id)
      return id
    },
    close: engines.close,
  }
}

interface Engines {
  readonly app: Engine
  readonly owner: Engine
  readonly worker: Engine
  readonly admin: Engine
  readonly urls: TestDatabase['urls']
  close(): Promise<void>
}

async function embedded(snapshot: string): Promise<Engines> {
  const bytes = new Uint8Array(await readFile(snapshot))
  const engine = await pgliteEngine({ folder: undefined, snapshot: bytes })
  return {
    app: engine,
    owner: engine,
    worker: engine,
    admin: engine,
    urls: undefined,
    close: () => engine.close(),
  }
}

async function onServer({
  adminUrl,
  database: template,
}: {
  adminUrl?: string
  database?: string
}): Promise<Engines> {
  if (adminUrl === undefined || template === undefined)
    throw new Error('no server for tests: set DATABASE_ADMIN_URL or run npm run postgres')
  const name = `gatehouse_test_${randomBytes(6).toString('hex')}`
  const outside = adminEngine(adminUrl)
  await runAs(outside, `create database ${name} template ${template}`, [])
  // Settings of a database do not travel with its template.
  await runAs(outside, `revoke all on database ${name} from public`, [])
  await runAs(
    outside,
    `grant connect on database ${name} to gatehouse_owner, gatehouse_app, gatehouse_worker`,
    [],
  )
  const app = serverEngine(adminUrl, name, 'gatehouse_app', 8)
  const owner = serverEngine(adminUrl, name, 'gatehouse_owner')
  const worker = serverEngine(adminUrl, name, 'gatehouse_worker')
  const admin = adminEngine(adminUrl, name)
  return {
    app,
    owner,
    worker,
    admin,
    urls: {
      app: urlOf(adminUrl, name, 'gatehouse_app'),
      owner: urlOf(adminUrl, name, 'gatehouse_owner'),
      worker: urlOf(adminUrl, name, 'gatehouse_worker'),
    },
    close: async () => {
      await Promise.all([app, owner, worker, admin].map(engine => engine.close()))
      await runAs(outside, `drop database if exists ${name} with (force)`, [])
      await outside.close()
    },
  }
}

async function refusePowerfulRole(database: Database): Promise<void> {
  const role = await database.system('check_startup', tx =>
    tx.first(
      sql<{
        powerful: boolean
      }>`select rolsuper or rolbypassrls as powerful from pg_roles where rolname = current_user`,
    ),
  )
  if (role?.powerful !== false)
    throw new Error(
      'tests run as a role that row-level security does not bind: every isolation test would be void',
    )
}

async function runAs(engine: Engine, text: string, values: readonly unknown[]): Promise<WireRow[]> {
  const session = await engine.acquire()
  try {
    const { rows } = await session.send({ text, values: values.map(toWire) })
    session.release()
    return rows
  } catch (error) {
    session.release(true)
    throw error
  }
}
