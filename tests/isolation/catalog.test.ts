// Isolation as the catalog of Postgres tells it, for every object there is; and the proof, table by table and verb by
// verb, that one tenant neither sees nor changes another's rows.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reader, TenantScope, Writer } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { refusalOf, stateOf } from '../harness/refusal.ts'
import {
  DEFINER_FUNCTIONS,
  DEPLOYMENT_TABLES,
  SWEEPS,
  sweepCatalog,
  type Sweep,
} from '../../src/proofs/attack/database/catalog-sweep.ts'
import { fillTenantTables, tenantTables, type SampleRow } from './sample-rows.ts'

let db: TestDatabase
let a: TenantScope
let b: TenantScope
beforeAll(async () => {
  db = await openTestDatabase()
  a = { tenantId: await db.createTenant(), subject: 'a' }
  b = { tenantId: await db.createTenant(), subject: 'b' }
})
afterAll(() => db.close())

const asApp = <T>(fn: (tx: Reader) => Promise<T>): Promise<T> => db.database.system('check_startup', fn)

describe('of the catalog as it is', () => {
  test.each(Object.entries(SWEEPS))('%s: no problem is found', async (_, sweep) => {
    expect(await asApp(sweep)).toStrictEqual([])
  })

  test('the sweep saw the tenant tables (it would find nothing in an empty catalog either)', async () => {
    const tables = await tenantTables(db)
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['audit', 'document', 'document_version', 'chunk', 'posting', 'vector_1']),
    )
  })

  test('whatever is on a list has a reason', () => {
    for (const reason of Object.values({ ...DEPLOYMENT_TABLES, ...DEFINER_FUNCTIONS }))
      expect(reason.length).toBeGreaterThan(10)
  })
})

describe('RL08 RL09 RL10 RL11 damage done by hand is found and named', () => {
  const partition = () => `app.chunk_${a.tenantId.replaceAll('-', '')}`
  const damages: [
    damage: string | (() => string),
    sweep: keyof typeof SWEEPS,
    named: string | RegExp | (() => string),
  ][] = [
    [
      'drop policy own_rows on app.audit',
      'policiesAskForTheTenant',
      'app.audit: no policy for select, insert, update, delete',
    ],
    [
      // The owner's own policy, which is left, covers nothing of what the application does.
      'drop policy own_rows on app.posting',
      'policiesAskForTheTenant',
      'app.posting: no policy for select, insert, update, delete',
    ],
    [
      'alter table app.document no force row level security',
      'tablesAreForced',
      'app.document: row-level security is not FORCED',
    ],
    [
      'alter table app.posting disable row level security',
      'tablesAreForced',
      'app.posting: row-level security is not enabled',
    ],
    [
      () => `alter table ${partition()} disable row level security`,
      'tablesAreForced',
      () => `${partition()}: row-level security is not enabled`,
    ],
    [
      'create table app.forgotten (tenant_id uuid, id uuid)',
      'tablesAreForced',
      'app.forgotten: row-level security is not enabled',
    ],
    [
      'create table app.forgotten (tenant_id uuid, id uuid)',
      'tablesAreForced',
      'app.forgotten: tenant_id may be NULL',
    ],
    [
      'create table pgboss.forgotten (tenant_id uuid not null)',
      'tablesAreForced',
      'pgboss.forgotten: row-level security is not enabled',
    ],
    [
      'create table app.shared (id uuid)',
      'otherTablesAreListed',
      'app.shared: has no tenant_id and is not on the list',
    ],
    [
      'alter policy own_rows on app.term_stat using (true)',
      'policiesAskForTheTenant',
      'app.term_stat: policy own_rows has USING true',
    ],
    [
      'alter policy own_rows on app.term_stat with check (true)',
      'policiesAskForTheTenant',
      'app.term_stat: policy own_rows has WITH CHECK true',
    ],
    [
      'create policy also on app.document for select using (true)',
      'policiesAskForTheTenant',
      'app.document: policy also has USING true',
    ],
    [
      'create policy also on app.document for insert with check (true)',
      'policiesAskForTheTenant',
      'app.document: policy also has WITH CHECK true',
    ],
    [
      'create policy also on app.tenant using (true)',
      'otherTablesAreListed',
      'app.tenant: policy also is not known',
    ],
    [
      'alter policy operators on app.signing_key using (true)',
      'otherTablesAreListed',
      'app.signing_key: policy operators has USING true',
    ],
    [
      'alter policy owner_registry on app.tenant to public',
      'otherTablesAreListed',
      'app.tenant: policy owner_registry is open to public',
    ],
    [
      'create unique index told on app.document (external_id)',
      'keysBeginWithTheTenant',
      'app.document: unique key app.told',
    ],
    [
      'create table app.child (tenant_id uuid not null, d uuid, foreign key (d, tenant_id) references app.document (id, tenant_id))',
      'keysBeginWithTheTenant',
      'app.child: foreign key child_d_tenant_id_fkey',
    ],
    [
      () => `grant select on ${partition()} to gatehouse_app`,
      'partitionsAreClosed',
      () => `${partition()}: the partition is open to gatehouse_app`,
    ],
    [
      () => `create policy p on ${partition()} using (true)`,
      'partitionsAreClosed',
      () => `${partition()}: the partition is open to a policy: p`,
    ],
    [
      'create view app.all_documents as select * from app.document',
      'viewsAreInvokers',
      'app.all_documents: the view is not security_invoker',
    ],
    [
      'create materialized view app.frozen as select 1 as n',
      'viewsAreInvokers',
      'app.frozen: is a materialized view',
    ],
    [
      'grant truncate on app.document to gatehouse_app',
      'rolesAreHarmless',
      'gatehouse_app: has more than rows of app.document',
    ],
    [
      'grant references on app.document to gatehouse_worker',
      'rolesAreHarmless',
      'gatehouse_worker: has more than rows of app.document',
    ],
    [
      'grant create on schema app to gatehouse_app',
      'rolesAreHarmless',
      'gatehouse_app: has CREATE on schema app',
    ],
    [
      'grant usage on schema app to gatehouse_worker; grant select on app.document to gatehouse_worker',
      'nothingIsOpenByDefault',
      'app.document: open to gatehouse_worker',
    ],
    ['grant select on app.document to public', 'nothingIsOpenByDefault', 'app.document: open to everyone'],
    [
      'alter default privileges in schema app grant select on tables to gatehouse_app',
      'nothingIsOpenByDefault',
      'default privileges of gatehouse_owner: open to everyone',
    ],
    [
      'create function app.peek() returns int language sql security definer set search_path = pg_catalog as $$ select 1 $$',
      'functionsArePinned',
      "app.peek(): runs with its owner's rights and is not on the list",
    ],
    [
      'create function app.peek() returns int language sql as $$ select 1 $$',
      'functionsArePinned',
      'app.peek(): everyone may call it',
    ],
    [
      'alter function app.tenant_id() reset all',
      'functionsArePinned',
      'app.tenant_id(): its search_path is not pinned',
    ],
    [
      'alter function app.is_system() security invoker',
      'functionsArePinned',
      'app.is_system(): is on the list but is no definer function',
    ],
  ]
  const resolved = (text: string | RegExp | (() => string)) => (typeof text === 'function' ? text() : text)
  for (const [damage, sweep, named] of damages) {
    test(`${String(damage).replace('() => ', '')}: ${sweep}`, async () => {
      const found = await damaged(String(resolved(damage)), SWEEPS[sweep] as Sweep)
      expect(found.join('\n')).toContain(resolved(named))
    })
  }

  test('role attributes and memberships (as the administrator)', async () => {
    const role = `gatehouse_probe_${process.pid}`
    await db.asAdmin(`create role ${role} nologin bypassrls createrole`)
    try {
      await db.asAdmin(`grant gatehouse_owner, gatehouse_app to ${role}`)
      const found = await asApp(SWEEPS['rolesAreHarmless'] as Sweep)
      expect(found).toEqual(
        expect.arrayContaining([
          `${role}: has BYPASSRLS`,
          `${role}: has CREATEROLE`,
          `${role}: is a member of gatehouse_owner`,
        ]),
      )
    } finally {
      await db.asAdmin(`drop role ${role}`)
    }
  })

  /** What a sweep finds after a statement of the owner, which is taken back. */
  async function damaged(statement: string, sweep: Sweep): Promise<string[]> {
    let found: string[] = []
    const undo = new Error('undo')
    const attempt = db.owner.transaction(async tx => {
      await tx.exec(statement)
      found = await sweep(tx)
      throw undo
    })
    await expect(attempt).rejects.toMatchObject({ cause: undo })
    return found
  }

  test('after all of it, nothing is left', async () => {
    expect(await asApp(sweepCatalog)).toStrictEqual([])
  })
})

describe("RL12 for every tenant table and every verb, another tenant's row is neither seen nor changed", () => {
  let rows: SampleRow[]
  let before: unknown
  beforeAll(async () => {
    rows = await fillTenantTables(db, [a.tenantId, b.tenantId])
    before = await everything()
  })

  /** All rows of all tenant tables, as the administrator sees them. */
  async function everything(): Promise<unknown> {
    const seen: Record<string, unknown> = {}
    for (const { name } of await tenantTables(db)) {
      seen[name] = await db.asAdmin(`select to_jsonb(t) as row from app.${name} t order by to_jsonb(t)::text`)
    }
    return seen
  }

  test('each tenant sees its own row of each table, so that the rest of this proof is about something', async () => {
    for (const { table, tenantId } of rows) {
      // All of them: the chunk in here is of no document's current version, which is nobody's on a list to read.
      // And of no user: what is one user's own, background work finds.
      const seen = await db.database.readAs({ tenantId, subject: 'gatehouse:test', reads: 'all' }, tx =>
        tx.all(sql<{ id: string }>`select tenant_id as id from ${sql.table(`app.${table}`)}`),
      )
      expect(seen, table).toStrictEqual([{ id: tenantId }])
    }
  })

  const verbs: [
    verb: string,
    attempt: (row: SampleRow) => Parameters<Writer['all']>[0],
    expected: 'nothing' | 'refused',
  ][] = [
    ['select', row => sql`select * from ${at(row)} where tenant_id = ${a.tenantId}`, 'nothing'],
    [
      'select through its key',
      row => sql`select * from ${at(row)} as t where to_jsonb(t) @> ${row.keys}::jsonb`,
      'nothing',
    ],
    [
      'update',
      row => sql`update ${at(row)} set tenant_id = tenant_id where tenant_id = ${a.tenantId}`,
      'nothing',
    ],
    ['delete', row => sql`delete from ${at(row)} where tenant_id = ${a.tenantId}`, 'nothing'],
    [
      'select for update',
      row => sql`select * from ${at(row)} where tenant_id = ${a.tenantId} for update`,
      'nothing',
    ],
    ['insert', row => sql`insert into ${at(row)} ${fresh(row)}`, 'refused'],
    [
      'insert … on conflict do nothing',
      row => sql`insert into ${at(row)} ${copied(row)} on conflict do nothing`,
      'refused',
    ],
    ['insert … returning', row => sql`insert into ${at(row)} ${fresh(row)} returning tenant_id`, 'refused'],
    [
      "update of one's own row to another tenant's",
      row => sql`update ${at(row)} set tenant_id = ${a.tenantId}`,
      'refused',
    ],
    [
      'merge',
      row =>
        sql`merge into ${at(row)} as t using (select ${a.tenantId}::uuid as tenant_id) as s on t.tenant_id = s.tenant_id when matched then delete`,
      'nothing',
    ],
    ['truncate', row => sql`truncate ${at(row)} cascade`, 'refused'],
  ]
  test.each(verbs)('%s', async (_, attempt, expected) => {
    const ofA = rows.filter(row => row.tenantId === a.tenantId)
    expect(ofA.length).toBeGreaterThan(5)
    for (const row of ofA) {
      let seen: unknown[] | undefined
      const state = await stateOf(db.database.writeAs(b, async tx => (seen = await tx.all(attempt(row)))))
      // 42501: no right on the table, or against its policy.
      // A key may be a small number that B's own row has too.
      const foreign = seen?.filter(one => (one as { tenant_id?: string }).tenant_id !== b.tenantId)
      if (expected === 'nothing' && state === 'accepted') expect(foreign, row.table).toStrictEqual([])
      else expect(state, row.table).toBe('42501')
    }
    expect(await everything()).toStrictEqual(before)
  })

  const at = ({ table }: SampleRow) => sql.table(`app.${table}`)
  /** A's row once more, as it is: its keys are taken. */
  const copied = ({ columns, values }: SampleRow) =>
    sql`(${sql.join(columns.map(column => sql.ref(column)))}) overriding system value values (${sql.join(values.map(value => sql`${value}`))})`
  /** A row for A of which B holds the like: only the tenant is wrong. */
  const fresh = (row: SampleRow) => {
    const own = rows.find(other => other.table === row.table && other.tenantId === b.tenantId) ?? row
    return copied({
      ...own,
      values: own.values.map((value, i) => (own.columns[i] === 'tenant_id' ? a.tenantId : value)),
    })
  }
})

describe('keys tell nothing of another tenant', () => {
  const title = (tenantId: string, externalId: string) => sql`
    insert into app.document
      (tenant_id, id, external_id, title, format, file_type, language, current_version, current_version_id)
    values (${tenantId}, gen_random_uuid(), ${externalId}, 'x', 'text', 'text', 'english', 1, gen_random_uuid())`

  test("RL13 an external id that another tenant has is free for one's own document", async () => {
    await db.database.writeAs(a, tx => tx.run(title(a.tenantId, 'same')))
    expect(await db.database.writeAs(b, tx => tx.run(title(b.tenantId, 'same')))).toBe(1)
  })

  test('RL14 on conflict do nothing reports the own row as new, whether or not another tenant has the key', async () => {
    await db.database.writeAs(a, tx => tx.run(title(a.tenantId, 'conflict')))
    expect(
      await db.database.writeAs(b, tx =>
        tx.run(sql`${title(b.tenantId, 'conflict')} on conflict do nothing`),
      ),
    ).toBe(1)
  })

  test("RL15 a reference to another tenant's document fails like one to a document that does not exist", async () => {
    const [foreign] = await db.database.readAs(a, tx =>
      tx.all(sql<{ id: string }>`select id from app.document where external_id = 'same'`),
    )
    const refer = async (id: string) => {
      const version = sql`insert into app.document_version
          (tenant_id, document_id, version, id, brought_as, title, format, characters, content_hash)
        values (${b.tenantId}, ${id}, 1, gen_random_uuid(), gen_random_uuid(), '', 'text', 0, '')`
      const refusal = await refusalOf(db.database.writeAs(b, tx => tx.run(version)))
      if (refusal === undefined) return 'accepted'
      return { state: (refusal.cause as { code?: string }).code, say: refusal.say, message: refusal.message }
    }
    const unknown = await refer('0198aaaa-0000-7000-8000-00000000ffff')
    expect(unknown).toMatchObject({ state: '23503' })
    expect(await refer(foreign?.id ?? '')).toStrictEqual(unknown)
  })
})
