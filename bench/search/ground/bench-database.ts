// The database of the search benchmark on a real server: made once, filled once, and kept; a marker says what it holds.
// Everything in it is reached as the product reaches it, by a login of each role; the administrator makes it and reads
// the catalog.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Database, OwnerDatabase } from '../../../src/platform/db/database.ts'
import type { Engine, WireRow } from '../../../src/platform/db/engine/engine.ts'
import { pgEngine } from '../../../src/platform/db/engine/pg-engine.ts'
import { toWire } from '../../../src/platform/db/engine/value-types.ts'
import { ownerDatabase } from '../../../src/platform/db/owner-database.ts'
import { initDatabase, type Login } from '../../../src/platform/db/schema/init-database.ts'
import { migrateUp, migrations } from '../../../src/platform/db/schema/migrate.ts'
import { formatSealKeys, newSealKey, publishSealKeys } from '../../../src/platform/db/seal-keys.ts'
import { sealedDatabase } from '../../../src/platform/db/sealed-database.ts'

/** Where `npm run postgres` listens. */
const TREE = 'postgres://postgres@127.0.0.1:55518/postgres'
/** A server for benchmarks, on loopback. */
const PASSWORD = 'for-benchmarks-on-loopback'
const GENERATOR = 'search-1'

export interface BenchDatabase {
  readonly name: string
  /** Such as "PostgreSQL 18.6". */
  readonly version: string
  /** The server's setting: what lies beyond it is fetched from the system's cache. */
  readonly sharedBuffers: string
  readonly owner: OwnerDatabase
  /** As the application role, with a pool of its own. */
  openApp(connections: number): Database
  /** The engine below, for SQL that knows no seal; as the login of the article's table. */
  openArticle(connections: number): Engine
  /** A statement of the administrator's, past all policies. */
  asAdmin(text: string, values?: readonly unknown[]): Promise<WireRow[]>
  /** What a server process needs to serve this database. */
  readonly env: Record<string, string>
  close(): Promise<void>
}

export interface Wanted {
  readonly name: string
  /** What the database has to hold; another answer of the marker has it made anew. */
  readonly holds: string
  /** Make it anew even so. */
  readonly fresh: boolean
  /** Take what is there, whichever version of the code has filled it. */
  readonly asItIs?: boolean
  /** Fills a database that has just been made and migrated. */
  fill(database: BenchDatabase): Promise<Record<string, unknown>>
  tell(line: string): void
}

/** Opens the database, made and filled first where it is missing or of another make; with what filling it has measured. */
export async function openBenchDatabase(
  wanted: Wanted,
): Promise<{ readonly database: BenchDatabase; readonly facts: Record<string, unknown> }> {
  const holds = `${wanted.holds} ${await makeOf()}`
  const outside = adminAt()
  try {
    const found = wanted.fresh
      ? undefined
      : await markerOf(wanted.name, wanted.asItIs === true ? undefined : holds)
    if (found !== undefined) return { database: await open(wanted.name), facts: found }
    wanted.tell(`preparing ${wanted.name} once: this takes some minutes`)
    await run(outside, `drop database if exists ${wanted.name} with (force)`)
    await run(outside, `create database ${wanted.name}`)
  } finally {
    await outside.close()
  }
  const database = await open(wanted.name)
  const facts = await wanted.fill(database)
  await database.asAdmin(
    `create schema bench; create table bench.prepared (holds text not null, facts jsonb not null)`,
  )
  await database.asAdmin('insert into bench.prepared values ($1, $2::jsonb)', [holds, JSON.stringify(facts)])
  return { database, facts }
}

/** Changes when a migration, a statement that puts documents in, or the generator does. */
async function makeOf(): Promise<string> {
  const hash = createHash('sha256').update(GENERATOR)
  for (const { name, up } of await migrations()) hash.update(name).update(up)
  const folder = fileURLToPath(new URL('../../../src/features/documents/versions', import.meta.url))
  for (const file of readdirSync(folder)
    .filter(entry => entry.endsWith('.sql'))
    .sort())
    hash.update(readFileSync(`${folder}/${file}`))
  return hash.digest('hex').slice(0, 16)
}

async function markerOf(
  name: string,
  holds: string | undefined,
): Promise<Record<string, unknown> | undefined> {
  const inside = adminAt(name)
  try {
    const [row] = await run(inside, 'select facts from bench.prepared where holds = coalesce($1, holds)', [
      holds ?? null,
    ])
    return row?.['facts'] as Record<string, unknown> | undefined
  } catch {
    return undefined
  } finally {
    await inside.close()
  }
}

async function open(name: string): Promise<BenchDatabase> {
  const admin = adminAt(name)
  await initDatabase(admin, LOGINS)
  await admin.acquire().then(session =>
    session
      .script(
        `do $$ begin if not exists (select from pg_roles where rolname = '${ARTICLE}') then
             create role ${ARTICLE} login nosuperuser nobypassrls password '${PASSWORD}'; end if; end $$;
           grant connect on database ${name} to ${ARTICLE}`,
      )
      .finally(() => session.release()),
  )
  const [server] = await run(
    admin,
    `select current_setting('server_version') as version, current_setting('shared_buffers') as buffers`,
  )
  const sealKey = newSealKey()
  const ownerEngine = engineAt(urlOf(name, 'gatehouse_bench_owner'), 2)
  const owner = ownerDatabase({ engine: ownerEngine, sealKey: () => sealKey, role: 'gatehouse_owner' })
  await migrateUp(owner)
  await publishSealKeys(owner, [sealKey], 'replace')
  return {
    name,
    version: `PostgreSQL ${/^[\d.]+/.exec(String(server?.['version']))?.[0] ?? ''}`,
    sharedBuffers: String(server?.['buffers']),
    owner,
    openApp: connections =>
      sealedDatabase({
        engine: engineAt(urlOf(name, 'gatehouse_bench_app'), connections),
        sealKey: () => sealKey,
      }),
    openArticle: connections => engineAt(urlOf(name, ARTICLE), connections),
    asAdmin: (text, values) => run(admin, text, values),
    env: {
      DATABASE_URL: urlOf(name, 'gatehouse_bench_app'),
      GATEHOUSE_SEAL_KEYS: formatSealKeys([sealKey]),
    },
    close: async () => {
      await owner.close()
      await admin.close()
    },
  }
}

export const ARTICLE = 'gatehouse_bench_article'

const LOGINS: readonly Login[] = [
  { user: 'gatehouse_bench_app', password: PASSWORD, group: 'gatehouse_app' },
  { user: 'gatehouse_bench_owner', password: PASSWORD, group: 'gatehouse_owner' },
]

function urlOf(name: string, user?: string): string {
  const url = new URL(process.env['DATABASE_ADMIN_URL'] ?? TREE)
  if (user !== undefined) Object.assign(url, { username: user, password: PASSWORD })
  return Object.assign(url, { pathname: `/${name}` }).href
}

function adminAt(name?: string): Engine {
  return engineAt(name === undefined ? (process.env['DATABASE_ADMIN_URL'] ?? TREE) : urlOf(name), 2)
}

function engineAt(url: string, poolSize: number): Engine {
  return pgEngine({
    url,
    poolSize,
    pooled: false,
    applicationName: 'gatehouse-bench',
    onIdleError: () => undefined,
  })
}

async function run(engine: Engine, text: string, values: readonly unknown[] = []): Promise<WireRow[]> {
  const session = await engine.acquire()
  try {
    const rows =
      values.length === 0
        ? await session.script(text)
        : (await session.send({ text, values: values.map(toWire) })).rows
    session.release()
    return rows
  } catch (error) {
    session.release(true)
    throw error
  }
}
