// The server refuses to start on a database where isolation would not hold, and says what is wrong and what to do.
// (On a data folder that another process has: src/platform/db/engine/folder-lock.test.ts.)
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { Database } from '../../src/platform/db/database.ts'
import { pgEngine } from '../../src/platform/db/engine/pg-engine.ts'
import { checkStartup, startupProblems } from '../../src/platform/db/schema/check-startup.ts'
import { migrateDown, migrateUp, migrations } from '../../src/platform/db/schema/migrate.ts'
import { newSealKey, publishSealKeys } from '../../src/platform/db/seal-keys.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { refusalOf } from '../harness/refusal.ts'

const onServer = inject('engine') === 'postgres'
// Roles are the cluster's, which other test files use at the same time: what is done to a role is done to this one.
const PROBE = `gatehouse_probe_${process.pid}_${onServer ? 's' : 'e'}`

let db: TestDatabase
let name: string
let tenantId: string
let asProbe: Database
const open: Database[] = []
beforeAll(async () => {
  db = await openTestDatabase()
  const [row] = await db.asAdmin('select current_database() as name')
  name = String(row?.['name'])
  tenantId = await db.createTenant()
  await db.asAdmin(`create role ${PROBE} login password 'probe'`)
  await db.asAdmin(`grant gatehouse_app to ${PROBE}`)
  asProbe = databaseAs(PROBE)
})
afterAll(async () => {
  await Promise.all(open.map(database => database.close()))
  await db.asAdmin(`drop owned by ${PROBE}`)
  await db.asAdmin(`drop role ${PROBE}`)
  await db.close()
})

/** The database as a login of its own (on a server), or as a role taken on (embedded); undefined: as the superuser. */
function databaseAs(role: string | undefined, sealKey = db.sealKey): Database {
  if (!onServer)
    return sealedDatabase({ engine: db.app, sealKey: () => sealKey, ...(role === undefined ? {} : { role }) })
  const url = new URL(db.urls?.app ?? '')
  url.username = role ?? 'postgres'
  url.password = role === undefined ? '' : 'probe'
  const engine = pgEngine({
    url: url.href,
    poolSize: 1,
    pooled: false,
    applicationName: 'gatehouse-tests',
    onIdleError: () => undefined,
  })
  const database = sealedDatabase({ engine, sealKey: () => sealKey })
  open.push(database)
  return database
}

test('a clean database starts', async () => {
  expect(await startupProblems(db.database)).toStrictEqual([])
  expect(await startupProblems(asProbe)).toStrictEqual([])
  await expect(checkStartup(db.database)).resolves.toBeUndefined()
})

describe('refused, with the fix', () => {
  const partition = () => `app.chunk_${tenantId.replaceAll('-', '')}`
  type Statement = string | (() => string)
  const cases: Record<
    string,
    { damage: Statement; repair: Statement; problem: string | RegExp; fix: string | RegExp }
  > = {
    'RL07 BYPASSRLS': {
      damage: `alter role ${PROBE} bypassrls`,
      repair: `alter role ${PROBE} nobypassrls`,
      problem: `${PROBE} has BYPASSRLS`,
      fix: `alter role ${PROBE} nobypassrls`,
    },
    'RL07 a superuser': {
      damage: `alter role ${PROBE} superuser`,
      repair: `alter role ${PROBE} nosuperuser`,
      problem: `${PROBE} is a superuser`,
      fix: 'DATABASE_URL',
    },
    'RL06 a member of the owner': {
      damage: `grant gatehouse_owner to ${PROBE}`,
      repair: `revoke gatehouse_owner from ${PROBE}`,
      problem: `${PROBE} is a member of gatehouse_owner`,
      fix: `revoke gatehouse_owner from ${PROBE}`,
    },
    'RL06 the owner of a table': {
      damage: `alter table app.audit owner to ${PROBE}`,
      repair: 'alter table app.audit owner to gatehouse_owner',
      problem: `${PROBE} owns app.audit`,
      fix: 'DATABASE_OWNER_URL',
    },
    'RL17 TEMP': {
      damage: () => `grant temporary on database "${name}" to public`,
      repair: () => `revoke temporary on database "${name}" from public`,
      problem: `${PROBE} may create temporary tables`,
      fix: 'revoke temporary on database',
    },
    'CREATE on the schema': {
      damage: `grant create on schema app to ${PROBE}`,
      repair: `revoke create on schema app from ${PROBE}`,
      problem: `${PROBE} may create objects`,
      fix: 'revoke create on schema app',
    },
    'CREATE on the database': {
      damage: () => `grant create on database "${name}" to ${PROBE}`,
      repair: () => `revoke create on database "${name}" from ${PROBE}`,
      problem: `${PROBE} may create objects`,
      fix: 'revoke create',
    },
    'missing FORCE': {
      damage: 'alter table app.document no force row level security',
      repair: 'alter table app.document force row level security',
      problem: 'app.document does not FORCE row-level security',
      fix: 'alter table app.document enable row level security; alter table app.document force row level security',
    },
    'row-level security off': {
      damage: 'alter table app.audit disable row level security',
      repair: 'alter table app.audit enable row level security',
      problem: 'app.audit has not enabled row-level security',
      fix: 'alter table app.audit enable row level security',
    },
    'row-level security off on one partition': {
      damage: () => `alter table ${partition()} disable row level security`,
      repair: () => `alter table ${partition()} enable row level security`,
      problem: /app\.chunk_\w+ has not enabled row-level security/,
      fix: /alter table app\.chunk_\w+ enable/,
    },
    'RL11 a granted partition': {
      damage: () => `grant select on ${partition()} to gatehouse_app`,
      repair: () => `revoke select on ${partition()} from gatehouse_app`,
      problem: /the partition app\.chunk_\w+ can be reached directly/,
      fix: /revoke all on app\.chunk_\w+ from public, gatehouse_app/,
    },
    'an old pgvector': {
      damage: `update pg_extension set extversion = '0.7.4' where extname = 'vector'`,
      repair: `update pg_extension set extversion = '0.8.1' where extname = 'vector'`,
      problem: 'the extension is 0.7.4',
      fix: 'install pgvector 0.8 or newer',
    },
    'no pgvector': {
      damage: `update pg_extension set extname = 'vector_away' where extname = 'vector'`,
      repair: `update pg_extension set extname = 'vector' where extname = 'vector_away'`,
      problem: 'the extension is missing',
      fix: 'create extension vector',
    },
    'a newer schema': {
      damage: `insert into app.migration (name, checksum) values ('9999-future', 'x')`,
      repair: `delete from app.migration where name = '9999-future'`,
      problem: 'the database is at 9999-future',
      fix: 'run the newer version of Gatehouse',
    },
    'no schemas': {
      damage: 'alter schema app rename to app_away',
      repair: 'alter schema app_away rename to app',
      problem: 'the schema app is missing',
      fix: 'gatehouse init-database',
    },
  }
  const textOf = (statement: Statement) => (typeof statement === 'string' ? statement : statement())
  test.each(Object.entries(cases))('%s', async (_, { damage, repair, problem, fix }) => {
    await db.asAdmin(textOf(damage))
    const found = await startupProblems(asProbe)
    await db.asAdmin(textOf(repair))
    const text = found.map(one => `${one.problem} → ${one.fix}`).join('\n')
    expect(text).toMatch(problem)
    expect(text).toMatch(fix)
    expect(await startupProblems(asProbe), 'repaired').toStrictEqual([])
  })

  test('RL07 the administrator itself', async () => {
    const [first] = await startupProblems(databaseAs(undefined))
    expect(first).toMatchObject({
      check: 'role',
      problem: expect.stringContaining('is a superuser') as string,
      fix: expect.stringContaining('DATABASE_URL') as string,
    })
  })

  test("RL06 the owner's login", async () => {
    const engine = onServer
      ? pgEngine({
          url: db.urls?.owner ?? '',
          poolSize: 1,
          pooled: false,
          applicationName: 'gatehouse-tests',
          onIdleError: () => undefined,
        })
      : db.app
    const asOwner = sealedDatabase({
      engine,
      sealKey: () => db.sealKey,
      ...(onServer ? {} : { role: 'gatehouse_owner' }),
    })
    if (onServer) open.push(asOwner)
    expect((await startupProblems(asOwner)).map(({ problem }) => problem).join('\n')).toMatch(
      /is a member of gatehouse_owner|gatehouse_owner owns/,
    )
  })

  test('an older schema, and one that was never migrated', async () => {
    const [before = '', newest = ''] = (await migrations()).map(migration => migration.name).slice(-2)
    await migrateDown(db.owner, 1)
    const older = await startupProblems(asProbe)
    await migrateDown(db.owner)
    const empty = await startupProblems(asProbe)
    await migrateUp(db.owner)
    await publishSealKeys(db.owner, [db.sealKey], 'replace')
    expect(older).toContainEqual({
      check: 'schema version',
      problem: `the database is at ${before}, this version needs ${newest}`,
      fix: 'run: gatehouse migrate',
    })
    expect(empty).toContainEqual(
      expect.objectContaining({ problem: `the database is at nothing, this version needs ${newest}` }),
    )
    expect(await startupProblems(asProbe)).toStrictEqual([])
  })

  test('a seal key that the database does not know', async () => {
    const other = onServer ? databaseAs(PROBE, newSealKey()) : databaseAs('gatehouse_app', newSealKey())
    expect(await startupProblems(other)).toStrictEqual([
      {
        check: 'tenant seal',
        problem: 'the database does not accept the seal of this process',
        fix: expect.stringContaining('GATEHOUSE_SEAL_KEYS') as string,
      },
    ])
  })

  test('a clock that differs by more than seals allow', async () => {
    const now = Date.now
    vi.spyOn(Date, 'now').mockImplementation(() => now() - 60_000)
    const found = await startupProblems(asProbe).finally(() => vi.restoreAllMocks())
    expect(found).toMatchObject([
      {
        check: 'clock',
        problem: expect.stringMatching(/differ by (59|60) s/) as string,
        fix: expect.stringContaining('time server') as string,
      },
    ])
  })

  test('several problems are listed at once, in one fault for people', async () => {
    await db.asAdmin('alter table app.document no force row level security')
    await db.asAdmin(`alter role ${PROBE} bypassrls`)
    const refusal = await refusalOf(checkStartup(asProbe))
    await db.asAdmin('alter table app.document force row level security')
    await db.asAdmin(`alter role ${PROBE} nobypassrls`)
    expect(refusal).toMatchObject({ code: 'unsupported', reason: 'startup_refused' })
    expect(refusal?.say).toMatch(
      /^Refusing to start on this database:\n {2}role: .*BYPASSRLS\n {4}→ .*\n {2}row-level security: app\.document/,
    )
  })
})
