// Opens what the configuration names: the embedded database in the data folder, or a PostgreSQL server through one
// login for each role. What it returns has been migrated (where an owner is at hand) and checked.
import { join } from 'node:path'
import type { Config, Secret, ServerDatabase } from '../config.ts'
import { fault } from '../faults.ts'
import type { Database, OwnerDatabase } from './database.ts'
import type { Engine } from './engine/engine.ts'
import { lockFolder } from './engine/folder-lock.ts'
import { pgEngine } from './engine/pg-engine.ts'
import { pgliteEngine } from './engine/pglite-engine.ts'
import { ownerDatabase } from './owner-database.ts'
import { checkStartup } from './schema/check-startup.ts'
import { initDatabase } from './schema/init-database.ts'
import { migrateUp } from './schema/migrate.ts'
import { fixedSealKeys, publishSealKeys, sealKeysIn, type SealKeyRing } from './seal-keys.ts'
import { sealedDatabase } from './sealed-database.ts'

export interface OpenDatabase {
  readonly database: Database
  /** Absent when this process was not given the owner's login: it can serve, not migrate or maintain. */
  readonly owner: OwnerDatabase | undefined
  /** Where jobs are claimed; absent without the worker's login. */
  readonly worker: Engine | undefined
  /** Hears NOTIFYs with the application's login, past any pooler. */
  readonly listen: Engine['listen']
  readonly seals: SealKeyRing
  close(): Promise<void>
}

export interface OpenOptions {
  readonly config: Config
  /** A line for a person who waits: "opening the embedded database …". */
  readonly progress: (line: string) => void
  readonly onIdleError: (error: Error) => void
}

export async function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  const { database } = options.config
  const opened =
    database.kind === 'embedded' ? await openEmbedded(options) : await openServer(options, database)
  try {
    if (opened.owner !== undefined) await bringUp(opened.owner, opened.seals, options.progress)
    await checkStartup(opened.database)
    return opened
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** Migrates and tells the database of this process's seal keys. */
async function bringUp(
  owner: OwnerDatabase,
  seals: SealKeyRing,
  progress: (line: string) => void,
): Promise<void> {
  await migrateUp(owner, ({ name }) => progress(`migrated ${name}`))
  await publishSealKeys(owner, seals.all(), 'add')
}

async function openEmbedded({ config, progress }: OpenOptions): Promise<OpenDatabase> {
  const unlock = await lockFolder(config.dataDir)
  try {
    const seals = await sealKeysFor(config)
    progress('opening the embedded database')
    const engine = await pgliteEngine({ folder: join(config.dataDir, 'postgres'), snapshot: undefined })
    await initDatabase(engine, [])
    return {
      database: sealedDatabase({ engine, sealKey: seals.current, role: 'gatehouse_app' }),
      owner: ownerDatabase({ engine, sealKey: seals.current, role: 'gatehouse_owner' }),
      worker: engine,
      listen: engine.listen,
      seals,
      close: async () => {
        await engine.close()
        await unlock()
      },
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

async function openServer(
  { config, onIdleError }: OpenOptions,
  server: ServerDatabase,
): Promise<OpenDatabase> {
  const seals = await sealKeysFor(config)
  const pooled = server.directUrl !== undefined
  const connect = (variable: string, url: Secret, poolSize: number) =>
    reach(
      variable,
      url,
      pgEngine({
        url: url.reveal(),
        poolSize,
        pooled,
        listenUrl: server.directUrl?.reveal(),
        applicationName: 'gatehouse',
        onIdleError,
      }),
    )
  const app = await connect('DATABASE_URL', server.url, server.poolSize)
  const owner = server.ownerUrl && (await connect('DATABASE_OWNER_URL', server.ownerUrl, 2))
  const worker = server.workerUrl && (await connect('DATABASE_WORKER_URL', server.workerUrl, 2))
  return {
    database: sealedDatabase({ engine: app, sealKey: seals.current }),
    owner: owner && ownerDatabase({ engine: owner, sealKey: seals.current, role: 'gatehouse_owner' }),
    worker,
    listen: app.listen,
    seals,
    close: async () => {
      await Promise.all([app.close(), owner?.close(), worker?.close()])
    },
  }
}

/** The owner's database alone, neither migrated nor checked: for what an administrator does. */
export async function openOwner(
  config: Config,
): Promise<{ owner: OwnerDatabase; seals: SealKeyRing; close(): Promise<void> }> {
  const { database } = config
  if (database.kind === 'embedded') {
    const unlock = await lockFolder(config.dataDir)
    const seals = await sealKeysFor(config)
    const engine = await pgliteEngine({ folder: join(config.dataDir, 'postgres'), snapshot: undefined })
    await initDatabase(engine, [])
    const owner = ownerDatabase({ engine, sealKey: seals.current, role: 'gatehouse_owner' })
    return {
      owner,
      seals,
      close: async () => {
        await engine.close()
        await unlock()
      },
    }
  }
  if (database.ownerUrl === undefined) {
    throw fault('invalid_input', {
      say: 'DATABASE_OWNER_URL is needed for this: the login that owns the schema.',
    })
  }
  const seals = await sealKeysFor(config)
  const url = database.ownerUrl
  const options = {
    url: url.reveal(),
    poolSize: 1,
    pooled: false,
    applicationName: 'gatehouse-migrate',
    onIdleError: () => undefined,
  }
  const engine = await reach('DATABASE_OWNER_URL', url, pgEngine(options))
  return {
    owner: ownerDatabase({ engine, sealKey: seals.current, role: 'gatehouse_owner' }),
    seals,
    close: engine.close,
  }
}

async function sealKeysFor(config: Config): Promise<SealKeyRing> {
  return config.sealKeys === undefined
    ? sealKeysIn(join(config.dataDir, 'keys', 'seal'))
    : fixedSealKeys(config.sealKeys.reveal())
}

/** The engine, once it has answered; otherwise a fault that names the variable and what to look at. */
export async function reach(variable: string, url: Secret, engine: Engine): Promise<Engine> {
  const { host, pathname, username } = new URL(url.reveal())
  try {
    const session = await engine.acquire()
    session.release()
    return engine
  } catch (error) {
    await engine.close()
    const { code, message } = error as { code?: string; message?: string }
    const why: Record<string, string> = {
      ECONNREFUSED: `nothing listens at ${host}`,
      ENOTFOUND: `the host of ${host} is not known`,
      '28P01': `the password of ${username} is wrong`,
      '28000': `the server does not let ${username} in`,
      '3D000': `there is no database ${pathname.slice(1)}: run gatehouse init-database`,
    }
    throw fault('unavailable', {
      say: `Cannot open the database of ${variable}: ${why[code ?? ''] ?? message ?? code ?? 'unknown reason'}.`,
      because: error,
      reason: 'database_unreachable',
    })
  }
}
