// Migrations: up, down and up again give the same schema; several migrators do the work once; what does not fit the
// code is refused by name.
import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { OwnerDatabase } from '../../src/platform/db/database.ts'
import { ownerDatabase } from '../../src/platform/db/owner-database.ts'
import { initDatabase } from '../../src/platform/db/schema/init-database.ts'
import { migrateDown, migrateUp, migrations } from '../../src/platform/db/schema/migrate.ts'
import { newSealKey } from '../../src/platform/db/seal-keys.ts'
import { sql } from '../../src/platform/db/statements.ts'
import type { Fault } from '../../src/platform/faults.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { adminEngine, serverEngine, TEST_LOGINS } from '../harness/engines.ts'
import { refusalOf } from '../harness/refusal.ts'
import { dumpSchema } from './schema-dump.ts'

const adminUrl17 = process.env['GATEHOUSE_TEST_ADMIN_URL_17']

let db: TestDatabase
let names: string[]
beforeAll(async () => {
  db = await openTestDatabase()
  names = (await migrations()).map(({ name }) => name)
})
afterAll(() => db.close())

const appliedNames = async (owner: OwnerDatabase): Promise<string[]> =>
  (
    await owner.transaction(tx => tx.all(sql<{ name: string }>`select name from app.migration order by name`))
  ).map(({ name }) => name)

/** What of ours there is: relations, functions and types of the schemas, the ledger of migrations apart. */
const leftOvers = async (owner: OwnerDatabase): Promise<string[]> => {
  const rows = await owner.transaction(tx =>
    tx.all(sql<{ name: string }>`
      select c.oid::regclass::text as name from pg_class c where c.relnamespace in ('app'::regnamespace, 'pgboss'::regnamespace) and c.relkind <> 'i'
        and c.relname not in ('migration', 'applied_function')
      union select p.oid::regprocedure::text from pg_proc p where p.pronamespace in ('app'::regnamespace, 'pgboss'::regnamespace)
      union select t.oid::regtype::text from pg_type t where t.typnamespace in ('app'::regnamespace, 'pgboss'::regnamespace) and t.typtype = 'e'
      union select 'a grant on ' || n.nspname || ': ' || g::text from pg_namespace n, unnest(n.nspacl) as g
        where n.nspname = 'pgboss' and g::text not like 'gatehouse_owner=%'`),
  )
  const applied = await functionsOfFiles()
  return rows.map(({ name }) => name).filter(name => !applied.has(name.replace(/\(.*$/, '')))
}

/** Functions that live in a *.fn.sql: they are applied anew after every migration, and may outlive their tables. */
async function functionsOfFiles(): Promise<ReadonlySet<string>> {
  const source = new URL('../../src/', import.meta.url)
  const files = (await readdir(source, { recursive: true })).filter(file => file.endsWith('.fn.sql'))
  const texts = await Promise.all(files.map(file => readFile(new URL(file, source), 'utf8')))
  return new Set(
    texts.flatMap(text =>
      Array.from(text.matchAll(/create or replace function (app\.\w+)/g), match => match[1] ?? ''),
    ),
  )
}

describe('up, down, up', () => {
  test('on the engine under test, with tenants in it: down leaves nothing, up again gives the very same schema', async () => {
    expect.hasAssertions()
    const tenantId = await db.createTenant()
    await db.createTenant()
    await db.database.writeAs({ tenantId, subject: 'x' }, tx =>
      tx.run(sql`insert into app.term_stat (tenant_id, term, df) values (${tenantId}, 'word', 1)`),
    )
    await upDownUp(db.owner)
  })

  test.runIf(inject('engine') === 'postgres' && adminUrl17 !== undefined)(
    'on PostgreSQL 17 as well',
    async () => {
      expect.hasAssertions()
      await onFreshDatabase(adminUrl17 ?? '', async owner => {
        await migrateUp(owner)
        await upDownUp(owner)
      })
    },
  )

  test('each migration alone can be taken back and made again', async () => {
    const whole = await db.owner.transaction(dumpSchema)
    for (let steps = 1; steps <= names.length; steps++) {
      await migrateDown(db.owner, steps)
      expect(await appliedNames(db.owner)).toStrictEqual(names.slice(0, -steps))
      await migrateUp(db.owner)
      expect(await db.owner.transaction(dumpSchema), `after ${steps} down`).toStrictEqual(whole)
    }
  })

  test('one down, and one more, takes back two', async () => {
    await migrateDown(db.owner, 1)
    await migrateDown(db.owner, 1)
    expect(await appliedNames(db.owner)).toStrictEqual(names.slice(0, -2))
    await migrateUp(db.owner)
    expect(await appliedNames(db.owner)).toStrictEqual(names)
  })

  async function upDownUp(owner: OwnerDatabase): Promise<void> {
    const events: string[] = []
    const progress = ({ name, direction }: { name: string; direction: string }) =>
      void events.push(`${direction} ${name}`)
    const before = await owner.transaction(dumpSchema)
    expect(before.length).toBeGreaterThan(100)
    await migrateDown(owner, undefined, progress)
    expect(events).toStrictEqual(names.toReversed().map(name => `down ${name}`))
    expect(await leftOvers(owner)).toStrictEqual([])
    events.length = 0
    await migrateUp(owner, progress)
    expect(events).toStrictEqual(names.map(name => `up ${name}`))
    expect(await owner.transaction(dumpSchema)).toStrictEqual(before)
    events.length = 0
    await migrateUp(owner, progress)
    expect(events, 'a second time there is nothing to do').toStrictEqual([])
  }

  async function onFreshDatabase(
    adminUrl: string,
    fn: (owner: OwnerDatabase) => Promise<void>,
  ): Promise<void> {
    const name = `gatehouse_migrations_${randomBytes(4).toString('hex')}`
    const outside = adminEngine(adminUrl)
    const script = async (text: string) => {
      const session = await outside.acquire()
      await session.script(text)
      session.release()
    }
    await script(`create database ${name}`)
    const inside = adminEngine(adminUrl, name)
    const engine = serverEngine(adminUrl, name, 'gatehouse_owner')
    try {
      await initDatabase(inside, TEST_LOGINS)
      await fn(ownerDatabase({ engine, sealKey: newSealKey, role: 'gatehouse_owner' }))
    } finally {
      await Promise.all([inside.close(), engine.close()])
      await script(`drop database ${name} with (force)`)
      await outside.close()
    }
  }
})

test('several migrators at once: each migration is applied once, and all of them return when it is done', async () => {
  await migrateDown(db.owner)
  const events: string[] = []
  const migrators = Array.from({ length: 4 }, async () => {
    await migrateUp(db.owner, ({ name }) => events.push(name))
    return appliedNames(db.owner)
  })
  const seen = await Promise.all(migrators)
  expect(seen).toStrictEqual(Array.from({ length: 4 }, () => names))
  expect(events).toStrictEqual(names)
})

describe('what does not fit the code is refused by name', () => {
  const forged = async (
    change: string,
    undo: string,
    run: () => Promise<void>,
  ): Promise<Fault | undefined> => {
    await db.owner.transaction(tx => tx.exec(change))
    try {
      return await refusalOf(run())
    } finally {
      await db.owner.transaction(tx => tx.exec(undo))
    }
  }

  test.each([
    ['up', () => migrateUp(db.owner)],
    ['down', () => migrateDown(db.owner, 1)],
  ])('a migration that was changed after it had been applied, on the way %s', async (_, run) => {
    const name = names[2] ?? ''
    const refusal = await forged(
      `update app.migration set checksum = reverse(checksum) where name = '${name}'`,
      `update app.migration set checksum = reverse(checksum) where name = '${name}'`,
      run,
    )
    expect(refusal).toMatchObject({
      code: 'conflict',
      say: expect.stringContaining(`Migration ${name} was changed`) as string,
    })
    expect(await appliedNames(db.owner)).toStrictEqual(names)
  })

  test.each([
    ['up', () => migrateUp(db.owner)],
    ['down', () => migrateDown(db.owner, 1)],
  ])('a database that a newer version has migrated, on the way %s', async (_, run) => {
    const refusal = await forged(
      `insert into app.migration (name, checksum) values ('9999-from-the-future', 'x')`,
      `delete from app.migration where name = '9999-from-the-future'`,
      run,
    )
    expect(refusal).toMatchObject({
      code: 'unsupported',
      say: expect.stringContaining('9999-from-the-future') as string,
    })
    expect(await appliedNames(db.owner)).toStrictEqual(names)
  })

  test('a database without schemas says to run init-database', async () => {
    await db.asAdmin('alter schema app rename to app_away')
    try {
      expect(await refusalOf(migrateUp(db.owner))).toMatchObject({
        code: 'unsupported',
        say: expect.stringContaining('gatehouse init-database') as string,
      })
    } finally {
      await db.asAdmin('alter schema app_away rename to app')
    }
  })
})

describe('functions', () => {
  const body = () =>
    db.owner.transaction(tx =>
      tx.first(sql<{ text: string; version: string }>`
    select prosrc as text, xmin::text as version from pg_proc where oid = 'app.is_system()'::regprocedure`),
    )
  const broken = `create or replace function app.is_system() returns boolean language plpgsql stable as $$ begin return true; end $$`

  test('whose text has changed since are applied anew', async () => {
    const before = await body()
    await db.owner.transaction(tx =>
      tx.exec(
        `${broken}; update app.applied_function set checksum = 'of an older text' where name = 'seal.fn.sql'`,
      ),
    )
    expect((await body())?.text).not.toBe(before?.text)
    await migrateUp(db.owner)
    expect((await body())?.text).toBe(before?.text)
  })

  test('whose text is the same are left alone', async () => {
    const before = await body()
    await migrateUp(db.owner)
    expect(await body()).toStrictEqual(before)
  })
})
