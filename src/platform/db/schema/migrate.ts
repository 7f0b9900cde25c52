// Migrations: numbered pairs of SQL files, up and down, each in a transaction of its own and remembered with its
// checksum; after them the functions (`*.fn.sql`), which live beside their feature and are applied anew when
// their text changed. Several processes may start at once: one migrates, the others wait.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OwnerDatabase, Writer } from '../database.ts'
import { fault } from '../../faults.ts'
import { sql } from '../statements.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

export interface Migration {
  /** '0001-tenants' */
  readonly name: string
  readonly up: string
  readonly down: string
}

interface Applied {
  readonly name: string
  readonly checksum: string
}

type OwnerTransaction = Writer & { exec(script: string): Promise<void> }
export type MigrationProgress = (event: { readonly name: string; readonly direction: 'up' | 'down' }) => void

/** The migrations of this version of the code, in order. */
export async function migrations(): Promise<Migration[]> {
  const folder = join(root, 'migrations')
  const names = (await readdir(folder)).filter(file => file.endsWith('.up.sql')).sort()
  return Promise.all(
    names.map(async file => ({
      name: file.slice(0, -'.up.sql'.length),
      up: await readFile(join(folder, file), 'utf8'),
      down: await readFile(join(folder, file.replace('.up.', '.down.')), 'utf8'),
    })),
  )
}

/** Applies what is missing, then the functions. Refuses a database that a newer version has migrated. */
export async function migrateUp(
  owner: OwnerDatabase,
  progress: MigrationProgress = () => undefined,
): Promise<void> {
  const known = await migrations()
  await owner.transaction(async tx => {
    await openLedger(tx)
  })
  for (const migration of known) {
    await owner.transaction(async tx => {
      const applied = await appliedMigrations(tx)
      refuseForeign(applied, known)
      if (isIn(applied, migration)) return
      await tx.exec(migration.up)
      await tx.run(
        sql`insert into app.migration (name, checksum) values (${migration.name}, ${checksum(migration.up)})`,
      )
      progress({ name: migration.name, direction: 'up' })
    })
  }
  await applyFunctions(owner)
}

/** Takes back the newest `steps` migrations; all of them by default. */
export async function migrateDown(
  owner: OwnerDatabase,
  steps = Number.POSITIVE_INFINITY,
  progress: MigrationProgress = () => undefined,
): Promise<void> {
  const known = await migrations()
  const applied = await owner.transaction(appliedMigrations)
  refuseForeign(applied, known)
  const newestFirst = known.filter(migration => isIn(applied, migration)).toReversed()
  for (const migration of newestFirst.slice(0, steps)) {
    await owner.transaction(async tx => {
      if (!isIn(await appliedMigrations(tx), migration)) return
      await tx.exec(migration.down)
      await tx.run(sql`delete from app.migration where name = ${migration.name}`)
      // The functions may have gone with the tables: the next migration up applies them all.
      await tx.run(sql`delete from app.applied_function`)
      progress({ name: migration.name, direction: 'down' })
    })
  }
}

/** The name of the newest migration in this code: what a database must be at for the server to start. */
export async function schemaVersion(): Promise<string> {
  return (await migrations()).at(-1)?.name ?? 'none'
}

async function openLedger(tx: OwnerTransaction): Promise<void> {
  await lock(tx)
  const found = await tx.first(
    sql<{ prepared: boolean }>`select to_regnamespace('app') is not null as prepared`,
  )
  if (!found?.prepared) {
    throw fault('unsupported', {
      say: 'The database has not been prepared: run gatehouse init-database with DATABASE_ADMIN_URL.',
      reason: 'not_prepared',
    })
  }
  await tx.exec(`
    create table if not exists app.migration (
      name text primary key, checksum text not null, applied_at timestamptz not null default now());
    create table if not exists app.applied_function (name text primary key, checksum text not null);
    grant select on app.migration to gatehouse_app;`)
}

async function lock(tx: Writer): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(7474002)`)
}

async function appliedMigrations(tx: Writer): Promise<Applied[]> {
  await lock(tx)
  return tx.all(sql<Applied>`select name, checksum from app.migration order by name`)
}

function isIn(applied: readonly Applied[], { name }: Migration): boolean {
  return applied.some(one => one.name === name)
}

function refuseForeign(applied: readonly Applied[], known: readonly Migration[]): void {
  for (const one of applied) {
    const own = known.find(migration => migration.name === one.name)
    if (own === undefined) {
      throw fault('unsupported', {
        say: `The database has migration ${one.name}, which this version does not know: it was migrated by a newer version; run that one.`,
      })
    }
    if (checksum(own.up) !== one.checksum) {
      throw fault('conflict', {
        say: `Migration ${one.name} was changed after it had been applied: restore the file and put the change into a new migration.`,
      })
    }
  }
}

async function applyFunctions(owner: OwnerDatabase): Promise<void> {
  const files = await functionFiles(join(root, 'src'))
  await owner.transaction(async tx => {
    await lock(tx)
    const applied = await tx.all(sql<Applied>`select name, checksum from app.applied_function`)
    for (const file of files) {
      const name = basename(file)
      const text = await readFile(file, 'utf8')
      if (applied.some(one => one.name === name && one.checksum === checksum(text))) continue
      await tx.exec(text)
      await tx.run(sql`insert into app.applied_function (name, checksum) values (${name}, ${checksum(text)})
        on conflict (name) do update set checksum = excluded.checksum`)
    }
  })
}

async function functionFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true })
  return entries
    .filter(entry => entry.endsWith('.fn.sql'))
    .sort()
    .map(entry => join(folder, entry))
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
