// Opens the database as the server does, but neither migrates nor writes, and looks at it. That it cannot be opened is a
// fact like any other.
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config, Secret, ServerDatabase } from '../../../platform/config.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Engine } from '../../../platform/db/engine/engine.ts'
import { lockFolder } from '../../../platform/db/engine/folder-lock.ts'
import { pgEngine } from '../../../platform/db/engine/pg-engine.ts'
import { pgliteEngine } from '../../../platform/db/engine/pglite-engine.ts'
import { reach } from '../../../platform/db/open-database.ts'
import { startupProblems } from '../../../platform/db/schema/check-startup.ts'
import { migrations } from '../../../platform/db/schema/migrate.ts'
import type { SealKey } from '../../../platform/db/seal.ts'
import { sealedDatabase } from '../../../platform/db/sealed-database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { asFault } from '../../../platform/faults.ts'
import { sweepCatalog } from '../../attack/database/catalog-sweep.ts'
import { contentFacts } from './content-facts.ts'
import type { DatabaseFacts, UnseenDatabase } from './facts.ts'
import { staleFunctions } from './function-files.ts'
import { madeAt, sealKeyOf } from './seal-key.ts'

interface Opened {
  readonly database: Database
  readonly owner: Engine | undefined
  readonly worker: Engine | undefined
  /** Logins that could not be used, as a start would say it. */
  readonly problems: DatabaseFacts['startup']
  close(): Promise<void>
}

/** `isRunning`: the server of this data folder runs, and holds the embedded database. */
export async function databaseFacts(
  config: Config,
  isRunning: boolean,
): Promise<DatabaseFacts | UnseenDatabase> {
  try {
    const key = await sealKeyOf(config)
    if (config.database.kind === 'server')
      return await looked(await openServer(config.database, key), config, key)
    if (isRunning)
      return {
        unseen: 'the running server holds the embedded database: stop it to look inside',
        isFault: false,
      }
    if (!(await isThere(join(config.dataDir, 'postgres'))))
      return { unseen: 'there is no embedded database yet: the first start makes it', isFault: false }
    return await looked(await openEmbedded(config, key), config, key)
  } catch (error) {
    const { code, reason, say, message } = asFault(error)
    // A server that is only just starting, or another command.
    if (reason === 'folder_locked') return { unseen: say, isFault: false }
    return { unseen: code === 'internal' ? `It could not be looked at: ${message}` : say, isFault: true }
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function openEmbedded({ dataDir }: Config, key: SealKey): Promise<Opened> {
  const unlock = await lockFolder(dataDir)
  const engine = await pgliteEngine({ folder: join(dataDir, 'postgres'), snapshot: undefined }).catch(
    async (error: unknown) => {
      await unlock()
      throw error
    },
  )
  return {
    database: sealedDatabase({ engine, sealKey: () => key, role: 'gatehouse_app' }),
    owner: engine,
    worker: engine,
    problems: [],
    close: async () => {
      await engine.close()
      await unlock()
    },
  }
}

async function openServer(server: ServerDatabase, key: SealKey): Promise<Opened> {
  const pooled = server.directUrl !== undefined
  const app = await engineAt('DATABASE_URL', server.url, pooled)
  const problems: { check: string; problem: string; fix: string }[] = []
  const optional = async (variable: string, url: Secret | undefined): Promise<Engine | undefined> => {
    if (url === undefined) return undefined
    return engineAt(variable, url, pooled).catch((error: unknown) => {
      problems.push({
        check: 'login',
        problem: asFault(error).say.replace(/\.$/, ''),
        fix: `correct ${variable}`,
      })
      return undefined
    })
  }
  const owner = await optional('DATABASE_OWNER_URL', server.ownerUrl)
  const worker = await optional('DATABASE_WORKER_URL', server.workerUrl)
  return {
    database: sealedDatabase({ engine: app, sealKey: () => key }),
    owner,
    worker,
    problems,
    close: async () => {
      for (const engine of [app, owner, worker]) await engine?.close()
    },
  }
}

function engineAt(variable: string, url: Secret, pooled: boolean): Promise<Engine> {
  const options = {
    url: url.reveal(),
    poolSize: 1,
    pooled,
    applicationName: 'gatehouse-doctor',
    onIdleError: () => undefined,
  }
  return reach(variable, url, pgEngine(options))
}

async function looked(opened: Opened, config: Config, key: SealKey): Promise<DatabaseFacts | UnseenDatabase> {
  const { database, owner, worker, problems } = opened
  try {
    const applied = await appliedMigrations(database)
    const known = (await migrations()).map(({ name }) => name)
    const missing = known.filter(name => !applied.includes(name))
    const old = owner === undefined || missing.length > 0 ? undefined : await stale(owner)
    // The embedded database is brought up by every start.
    if (database.engine === 'pglite' && missing.length + (old?.length ?? 0) > 0)
      return { unseen: 'the next start brings the embedded database up to this version', isFault: false }
    const startup = [...problems, ...(await startupProblems(database))]
    const isUsable =
      missing.length === 0 && !startup.some(({ check }) => ['database', 'tenant seal'].includes(check))
    return {
      ...(await serverFacts(database)),
      startup,
      catalog: missing.length > 0 ? [] : await database.system('check_startup', sweepCatalog),
      unknownMigrations: applied.filter(name => !known.includes(name)),
      missingMigrations: missing,
      staleFunctions: old,
      sealKeyMadeAt: madeAt(key),
      content: isUsable ? await contentFacts({ database, worker, dataDir: config.dataDir }) : undefined,
    }
  } finally {
    await opened.close()
  }
}

async function appliedMigrations(database: Database): Promise<string[]> {
  return database.system('check_startup', async tx => {
    const found = await tx.first(
      sql<{ there: boolean }>`select to_regclass('app.migration') is not null as there`,
    )
    if (found?.there !== true) return []
    return (await tx.all(sql<{ name: string }>`select name from app.migration order by name`)).map(
      ({ name }) => name,
    )
  })
}

async function stale(owner: Engine): Promise<string[]> {
  const session = await owner.acquire()
  try {
    return await staleFunctions(session)
  } finally {
    session.release()
  }
}

async function serverFacts(
  database: Database,
): Promise<Pick<DatabaseFacts, 'engine' | 'version' | 'vector' | 'clockDifferenceMs'>> {
  const asked = Date.now()
  const row = await database.system('check_startup', tx =>
    tx.first(sql<{ version: number; vector: string | null; now: Date }>`
      select current_setting('server_version_num')::int as version, clock_timestamp() as now,
        (select extversion from pg_extension where extname = 'vector') as vector`),
  )
  return {
    engine: database.engine,
    version: row?.version ?? 0,
    vector: row?.vector ?? undefined,
    clockDifferenceMs: Math.abs((row?.now.getTime() ?? 0) - (asked + Date.now()) / 2),
  }
}
