// Removing a tenant leaves nothing of it, in whatever table; nobody else loses anything; and neither making nor
// removing a tenant can be killed at a bad moment. The tables are read from the catalog: a new one is covered at birth.
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { eraseTenant } from '../../src/features/tenants/erase-tenant.ts'
import { provisionTenant } from '../../src/features/tenants/provision-tenant.ts'
import { partitionedTables, partitionName } from '../../src/features/tenants/tenant-tables.ts'
import type { OwnerDatabase } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { queue } from '../../src/platform/jobs/queue.ts'
import { sendJob } from '../../src/platform/jobs/send-job.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'

/** The embedded engine has one session: there nothing is ever under way beside a removal. */
const onServer = inject('engine') === 'postgres'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const markRemoving = (id: string) =>
  db.database.system('manage_tenants', tx => tx.run(sql`update app.tenant set status = 'removing' where id = ${id}`))
const statusOf = async (id: string): Promise<unknown> =>
  (await db.asAdmin('select status from app.tenant where id = $1', [id]))[0]?.['status'] ?? 'gone'
const relationsOf = async (id: string): Promise<string[]> => {
  const rows = await db.asAdmin(`select relname from pg_class where relname like '%' || $1 || '%'`, [id.replaceAll('-', '')])
  return rows.map(row => String(row['relname'])).toSorted()
}

describe('the sweep', () => {
  let kept: string
  let removed: string
  let before: Map<string, string[]>

  beforeAll(async () => {
    kept = await db.createTenant('kept')
    removed = await db.createTenant('removed')
    await dropChecks()
    for (const id of [kept, removed]) {
      await fillEveryTable(id)
      for (const name of ['provision_tenant', 'erase_tenant']) {
        await db.database.system('manage_tenants', tx => sendJob(tx, queue(name), { tenantId: id }))
      }
    }
    await db.database.system('record_audit', tx =>
      tx.run(sql`insert into app.deployment_audit (id, subject, operation, object, outcome, request_id, trace_id)
        values (${uuidv7()}, 'operator', 'remove_tenant', ${`tenant:${removed}`}, 'ok', 'r', 't')`))
    // The statistics quote values too.
    for (const table of await tenantTables()) await db.asAdmin(`analyze ${table}`)
    before = await everything()
  })

  test('both tenants have a canary in every table with a tenant_id', async () => {
    for (const table of await tenantTables()) {
      for (const id of [kept, removed]) {
        const rows = await db.asAdmin(`select count(*) as rows from ${table} where tenant_id = $1`, [id])
        expect(rows, `${table} of ${id}`).toEqual([{ rows: 1n }])
      }
    }
    expect(tracesOf(removed, before).length).toBeGreaterThan((await tenantTables()).length)
  })

  test('an active tenant is not erased by a job that nobody ordered', async () => {
    expect(await eraseTenant(db.owner, removed)).toBe(false)
    expect(await everything()).toEqual(before)
  })

  test('of a removed tenant no row, value, statistic, job or relation is left, but who removed it', async () => {
    await markRemoving(removed)
    expect(await eraseTenant(db.owner, removed)).toBe(true)
    const after = await everything()
    const traces = tracesOf(removed, after)
    expect(traces).toEqual([expect.stringMatching(/^app\.deployment_audit: .*remove_tenant/)])
    expect(await relationsOf(removed)).toEqual([])
  })

  test('the other tenant has every row it had', async () => {
    const after = await everything()
    const rowsOf = (dump: Map<string, string[]>): string[] =>
      [...dump].filter(([table]) => table.startsWith('app.') || table.startsWith('pgboss.')).flatMap(([table, rows]) =>
        rows.filter(row => mentions(row, kept)).map(row => `${table}: ${row}`)).toSorted()
    expect(rowsOf(after)).toEqual(rowsOf(before))
    expect(rowsOf(after).length).toBeGreaterThan(0)
  })

  test('a second erasure finds nothing to do', async () => {
    expect(await eraseTenant(db.owner, removed)).toBe(false)
  })
})

describe('killed between any two steps', () => {
  test('making a tenant goes on where it was, to the same end', async () => {
    const names = (id: string) => relationsOf(id).then(all => all.map(name => name.replace(id.replaceAll('-', ''), '…')))
    const whole = await names(await db.createTenant())
    for (let steps = 0, isCut = true; isCut; steps++) {
      const id = await register(`cut-${steps}`)
      isCut = await isCutOff(provisionTenant(cutOff(db.owner, steps), id))
      if (isCut) expect(await statusOf(id), `after ${steps} steps`).toBe('provisioning')
      expect(await provisionTenant(db.owner, id)).toBe(true)
      expect(await statusOf(id)).toBe('active')
      expect(await names(id)).toEqual(whole)
      if (!isCut) expect(steps).toBeGreaterThan(3)
    }
  })

  test('removing a tenant goes on where it was, to the same end', async () => {
    for (let steps = 0, isCut = true; isCut; steps++) {
      const id = await db.createTenant()
      await db.database.writeAs({ tenantId: id, subject: 'test' }, tx =>
        tx.run(sql`insert into app.document (tenant_id, id, title, format, current_version) values (${id}, ${id}, 'x', 'text', 1)`))
      await markRemoving(id)
      isCut = await isCutOff(eraseTenant(cutOff(db.owner, steps), id))
      if (isCut) {
        expect(await statusOf(id), `after ${steps} steps`).toBe('removing')
        expect(await eraseTenant(db.owner, id)).toBe(true)
      } else {
        expect(steps).toBeGreaterThan(10)
      }
      expect(await statusOf(id)).toBe('gone')
      expect(await relationsOf(id)).toEqual([])
      expect(await db.asAdmin('select id from app.document where tenant_id = $1', [id])).toEqual([])
    }
  })

  test('a tenant that was removed while it was being made gets no partition any more', async () => {
    const id = await register('short-lived')
    await isCutOff(provisionTenant(cutOff(db.owner, 2), id))
    await markRemoving(id)
    expect(await provisionTenant(db.owner, id)).toBe(false)
    expect(await eraseTenant(db.owner, id)).toBe(true)
    expect(await relationsOf(id)).toEqual([])
    expect(await provisionTenant(db.owner, id)).toBe(false)
  })

  test('two maintainers that make the same tenant at once do not trip over each other', async () => {
    const id = await register('twice')
    expect(await Promise.all([provisionTenant(db.owner, id), provisionTenant(db.owner, id)])).toEqual([true, true])
  })
})

describe.runIf(onServer)('under way while a tenant is removed', () => {
  test('what an open transaction still commits is erased too', async () => {
    const id = await db.createTenant()
    const written = Promise.withResolvers<void>()
    const commit = Promise.withResolvers<void>()
    const writing = db.database.writeAs({ tenantId: id, subject: 'test' }, async tx => {
      await tx.run(sql`insert into app.document (tenant_id, id, title, format, current_version) values (${id}, ${id}, 'late', 'text', 1)`)
      written.resolve()
      await commit.promise
    })
    await written.promise
    await markRemoving(id)
    const erasing = eraseTenant(db.owner, id)
    await wait(300)
    commit.resolve()
    await writing
    expect(await erasing).toBe(true)
    expect(await db.asAdmin('select title from app.document where tenant_id = $1', [id])).toEqual([])
  })

  test('a removal that waits for a search under way keeps no other call waiting', async () => {
    const [searching, other, id] = [await db.createTenant(), await db.createTenant(), await db.createTenant()]
    const begun = Promise.withResolvers<void>()
    const end = Promise.withResolvers<void>()
    const search = db.database.readAs({ tenantId: searching, subject: 'test' }, async tx => {
      await tx.all(sql`select id from app.chunk where tenant_id = ${searching}`)
      begun.resolve()
      await end.promise
    })
    await begun.promise
    await markRemoving(id)
    const erasing = eraseTenant(db.owner, id)
    await detachIsPending()
    const as = { tenantId: other, subject: 'test' }
    await db.database.readAs(as, tx => tx.all(sql`select id from app.chunk where tenant_id = ${other}`))
    await db.database.writeAs(as, tx => tx.run(sql`delete from app.chunk where tenant_id = ${other}`))
    end.resolve()
    await search
    expect(await erasing).toBe(true)
  })

  test('a DETACH that was cut off half-way is finished by whichever removal comes next', async () => {
    const [searching, first, second] = [await db.createTenant(), await db.createTenant(), await db.createTenant()]
    const begun = Promise.withResolvers<void>()
    const end = Promise.withResolvers<void>()
    const search = db.database.readAs({ tenantId: searching, subject: 'test' }, async tx => {
      await tx.all(sql`select id from app.chunk where tenant_id = ${searching}`)
      begun.resolve()
      await end.promise
    })
    await begun.promise
    await Promise.all([first, second].map(markRemoving))
    const cut = eraseTenant(db.owner, first).catch(error => error as unknown)
    await detachIsPending()
    await db.asAdmin(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'alter table%detach partition%' and state = 'active'`)
    expect(await cut).toBeInstanceOf(Error)
    end.resolve()
    await search
    await detachIsPending()
    expect(await eraseTenant(db.owner, second)).toBe(true)
    expect(await eraseTenant(db.owner, first)).toBe(true)
    expect([...(await relationsOf(first)), ...(await relationsOf(second))]).toEqual([])
  })

  const detachIsPending = () =>
    expect.poll(() => db.asAdmin('select from pg_inherits where inhdetachpending'), { timeout: 10_000 }).toHaveLength(1)
})

test('a new partitioned table is covered from birth: an active tenant gets its partition by the same job', async () => {
  const id = await db.createTenant()
  await db.owner.transaction(tx =>
    tx.exec(`create table app.newborn (tenant_id uuid not null, id uuid not null, content text not null, primary key (tenant_id, id)) partition by list (tenant_id);
      alter table app.newborn enable row level security; alter table app.newborn force row level security;`))
  expect(await provisionTenant(db.owner, id)).toBe(true)
  expect(await relationsOf(id)).toContain(partitionName('newborn', id))
  await markRemoving(id)
  await eraseTenant(db.owner, id)
  expect(await relationsOf(id)).toEqual([])
  await db.owner.transaction(tx => tx.exec('drop table app.newborn'))
})

test('a partition is closed to the application: forced row-level security, no policy, no grant', async () => {
  const id = await db.createTenant()
  const parents = await db.owner.transaction(partitionedTables)
  for (const parent of parents) {
    const name = partitionName(parent, id)
    const [row] = await db.asAdmin(`
      select relrowsecurity and relforcerowsecurity as forced, (select count(*) from pg_policy where polrelid = oid) as policies,
        (select count(*) from aclexplode(relacl) a where a.grantee <> relowner) as grants
      from pg_class where relnamespace = 'app'::regnamespace and relname = $1`, [name])
    expect(row, name).toEqual({ forced: true, policies: 0n, grants: 0n })
    const reading = db.database.readAs({ tenantId: id, subject: 'test' }, tx => tx.all(sql`select from ${sql.table(`app.${name}`)}`))
    await expect(reading).rejects.toThrow(/permission denied/)
  }
})


async function register(slug: string): Promise<string> {
  const id = uuidv7()
  await db.database.system('manage_tenants', tx =>
    tx.run(sql`insert into app.tenant (id, slug, name) values (${id}, ${slug}, ${slug})`))
  return id
}

/** An owner's database that dies after so many steps, as a killed process would: what it had committed stays. */
function cutOff(owner: OwnerDatabase, steps: number): OwnerDatabase {
  let left = steps
  const counted = <Args extends unknown[], T>(step: (...args: Args) => Promise<T>) => async (...args: Args): Promise<T> => {
    if (left-- <= 0) throw new Error('cut off')
    return step(...args)
  }
  return {
    ...owner,
    runAlone: counted(owner.runAlone),
    transaction: counted(owner.transaction) as OwnerDatabase['transaction'],
    maintain: counted(owner.maintain) as OwnerDatabase['maintain'],
  }
}

async function isCutOff(work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    return false
  } catch (error) {
    if ((error as Error).message !== 'cut off') throw error
    return true
  }
}

/** The parents and plain tables of schema app that have a tenant_id. */
async function tenantTables(): Promise<string[]> {
  const rows = await db.asAdmin(`
    select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`)
  return rows.map(row => String(row['name']))
}

/** Canaries would not pass checks of format; keys, which decide the order of deletion, stay. */
async function dropChecks(): Promise<void> {
  const checks = await db.asAdmin(`
    select conrelid::regclass::text as table, conname as name from pg_constraint c join pg_class t on t.oid = c.conrelid
    where c.contype = 'c' and t.relnamespace = 'app'::regnamespace and not t.relispartition`)
  for (const { table, name } of checks) await db.asAdmin(`alter table ${String(table)} drop constraint "${String(name)}"`)
}

/** One row in every table: canaries in all that holds text, the tenant's own id wherever an id is asked for, so that keys meet. */
async function fillEveryTable(id: string): Promise<void> {
  let rest = await tenantTables()
  while (rest.length > 0) {
    const failed: string[] = []
    for (const table of rest) await fill(table, id).catch(() => failed.push(table))
    if (failed.length === rest.length) return void (await fill(rest[0]!, id))
    rest = failed
  }
}

async function fill(table: string, id: string): Promise<void> {
  const columns = await db.asAdmin(`
    select a.attname as name, format_type(a.atttypid, null) as type, a.atttypmod as size from pg_attribute a
    where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attidentity = '' and a.attgenerated = ''`, [table])
  const values = columns.map(({ name, type, size }) => valueFor(String(type), `${canary(id)}-${table}-${String(name)}`, { id, size: Number(size) }))
  const places = columns.map((_, i) => `$${i + 1}`)
  await db.asAdmin(`insert into ${table} (${columns.map(({ name }) => `"${String(name)}"`)}) values (${places})`, values)
}

function valueFor(type: string, text: string, { id, size }: { id: string; size: number }): unknown {
  switch (type) {
    case 'uuid': return id
    case 'text': case 'character varying': return text
    case 'text[]': return [text]
    case 'bytea': return Buffer.from(text)
    case 'json': case 'jsonb': return { canary: text }
    case 'integer': case 'bigint': case 'smallint': case 'numeric': case 'double precision': case 'real': return 1
    case 'boolean': return true
    case 'timestamp with time zone': case 'date': return new Date()
    case 'halfvec': case 'vector': return `[${Array.from({ length: size }, () => 0.5).join(',')}]`
    default: throw new Error(`the sweep has no value for a column of type ${type}: teach it one`)
  }
}

const canary = (id: string): string => `canary-of-${id}`

/** Every row of every table there is, and the planner's statistics, as text. */
async function everything(): Promise<Map<string, string[]>> {
  const tables = await db.asAdmin(`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relpersistence = 'p' order by 1`)
  const dump = new Map<string, string[]>()
  for (const name of [...tables.map(row => String(row['name'])), 'pg_stats', 'pg_stats_ext']) {
    const rows = await db.asAdmin(`select t::text as row from ${name} t`)
    dump.set(name, rows.map(({ row }) => String(row)).toSorted())
  }
  return dump
}

function mentions(row: string, id: string): boolean {
  const forms = [id, id.replaceAll('-', ''), Buffer.from(canary(id)).toString('hex')]
  return forms.some(form => row.includes(form))
}

function tracesOf(id: string, dump: Map<string, string[]>): string[] {
  return [...dump].flatMap(([table, rows]) => rows.filter(row => mentions(row, id)).map(row => `${table}: ${row}`))
}
