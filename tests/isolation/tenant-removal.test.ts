// Removing a tenant leaves nothing of it, in whatever table; nobody else loses anything; and neither making nor
// removing a tenant can be killed at a bad moment. The tables are read from the catalog: a new one is covered at birth.
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { eraseTenant } from '../../src/features/tenants/erase/erase-tenant.ts'
import { closeTenantAudit } from '../../src/features/audit/close-tenant-audit.ts'
import { leftOver } from '../../src/features/tenants/erase/left-over.ts'
import { provisionTenant } from '../../src/features/tenants/storage/provision-tenant.ts'
import { partitionedTables, partitionName } from '../../src/features/tenants/storage/tenant-tables.ts'
import { verifiedErasure } from '../../src/features/tenants/erase/verified-erasure.ts'
import type { OwnerDatabase } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { queue } from '../../src/platform/jobs/queue.ts'
import { sendJob } from '../../src/platform/jobs/send-job.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import {
  dropChecks,
  everything,
  fillEveryTable,
  mentions,
  registryNames,
  tenantTableNames,
  tracesOf,
} from './canary-sweep.ts'

/** The embedded engine has one session: there nothing is ever under way beside a removal. */
const onServer = inject('engine') === 'postgres'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const markRemoving = (id: string) =>
  db.database.system('manage_tenants', tx =>
    tx.run(sql`update app.tenant set status = 'removing' where id = ${id}`),
  )
const statusOf = async (id: string): Promise<unknown> =>
  (await db.asAdmin('select status from app.tenant where id = $1', [id]))[0]?.['status'] ?? 'gone'
const relationsOf = async (id: string): Promise<string[]> => {
  const rows = await db.asAdmin(`select relname from pg_class where relname like '%' || $1 || '%'`, [
    id.replaceAll('-', ''),
  ])
  return rows.map(row => String(row['relname'])).toSorted()
}

const erased = (id: string): Promise<void> =>
  verifiedErasure({
    owner: db.owner,
    database: db.database,
    closeAudit: tenantId => closeTenantAudit(db.owner, tenantId),
  })(id)
const left = async (id: string): Promise<string[]> =>
  (await leftOver({ owner: db.owner, database: db.database }, id)).map(({ where }) => where).toSorted()

describe('the sweep', () => {
  let kept: string
  let removed: string
  let before: Map<string, string[]>

  beforeAll(async () => {
    kept = await db.createTenant('kept')
    removed = await db.createTenant('removed')
    await dropChecks(db)
    for (const id of [kept, removed]) {
      await fillEveryTable(db, id)
      for (const name of ['provision_tenant', 'erase_tenant']) {
        await db.database.system('manage_tenants', tx => sendJob(tx, queue(name), { tenantId: id }))
      }
    }
    await db.database.system('record_audit', tx =>
      tx.run(sql`insert into app.deployment_audit (id, subject, operation, object, outcome, request_id, trace_id)
        values (${uuidv7()}, 'operator', 'remove_tenant', ${`tenant:${removed}`}, 'ok', 'r', 't')`),
    )
    // The statistics quote values too.
    for (const table of await tenantTableNames(db)) await db.asAdmin(`analyze ${table}`)
    before = await everything(db)
  })

  test('both tenants have a canary in every table with a tenant_id', async () => {
    for (const table of await tenantTableNames(db)) {
      for (const id of [kept, removed]) {
        const rows = await db.asAdmin(`select count(*) as rows from ${table} where tenant_id = $1`, [id])
        expect(rows, `${table} of ${id}`).toEqual([{ rows: 1n }])
      }
    }
    expect(tracesOf(removed, before).length).toBeGreaterThan((await tenantTableNames(db)).length)
  })

  test('and in every registry that speaks of tenants', async () => {
    for (const table of await registryNames(db)) {
      for (const id of [kept, removed]) {
        const rows = await db.asAdmin(`select from ${table} where tenant_of = $1`, [id])
        expect(rows.length, `${table} of ${id}`).toBeGreaterThan(0)
      }
    }
  })

  test('RL33 the verification finds each of them, the partitions and the jobs: it overlooks no table', async () => {
    const named = [...(await tenantTableNames(db)), ...(await registryNames(db))]
    expect(await left(removed)).toStrictEqual(
      [...named, 'app.tenant', 'app.trusted_issuer', 'jobs', 'partitions'].toSorted(),
    )
  })

  test('an active tenant is not erased by a job that nobody ordered', async () => {
    await erased(removed)
    expect(await everything(db)).toEqual(before)
  })

  test('RL33 of a removed tenant no row, value, statistic, job or relation is left, but the record of its removal', async () => {
    await markRemoving(removed)
    await erased(removed)
    const after = await everything(db)
    const traces = tracesOf(removed, after).toSorted()
    expect(traces).toHaveLength(4)
    for (const trace of traces) expect(trace).toMatch(/^app\.deployment_audit: /)
    // Where the chains ended, of the audit and of the ledger, is told by one row each.
    for (const [operation, rows] of [
      ['remove_tenant', 1],
      ['erase_tenant', 2],
      ['verify_erasure', 1],
    ] as const)
      expect(
        traces.filter(trace => trace.includes(operation)),
        operation,
      ).toHaveLength(rows)
    expect(traces.join()).toContain(`tenant:${removed} left:0`)
    expect(await left(removed)).toStrictEqual([])
    expect(await relationsOf(removed)).toEqual([])
  })

  test('the other tenant has every row it had', async () => {
    const after = await everything(db)
    const rowsOf = (dump: Map<string, string[]>): string[] =>
      [...dump]
        .filter(([table]) => table.startsWith('app.') || table.startsWith('pgboss.'))
        .flatMap(([table, rows]) => rows.filter(row => mentions(row, kept)).map(row => `${table}: ${row}`))
        .toSorted()
    expect(rowsOf(after)).toEqual(rowsOf(before))
    expect(rowsOf(after).length).toBeGreaterThan(0)
  })

  test('a second erasure finds nothing to do', async () => {
    expect(await eraseTenant(db.owner, removed)).toBe(false)
  })
})

describe('killed between any two steps', () => {
  test('making a tenant goes on where it was, to the same end', async () => {
    const names = (id: string) =>
      relationsOf(id).then(all => all.map(name => name.replace(id.replaceAll('-', ''), '…')))
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
      await db.database.writeAs({ tenantId: id, subject: 'test' }, tx => tx.run(aDocument(id, 'x')))
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
    expect(await Promise.all([provisionTenant(db.owner, id), provisionTenant(db.owner, id)])).toEqual([
      true,
      true,
    ])
  })
})

/** The least that a document is. */
function aDocument(id: string, title: string) {
  return sql`
    insert into app.document (tenant_id, id, title, format, file_type, language, current_version, current_version_id)
    values (${id}, ${id}, ${title}, 'text', 'text', 'english', 1, ${id})`
}

describe.runIf(onServer)('under way while a tenant is removed', () => {
  test('what an open transaction still commits is erased too', async () => {
    const id = await db.createTenant()
    const written = Promise.withResolvers<void>()
    const commit = Promise.withResolvers<void>()
    // Not a document: the commit of one asks for the tenant once more, and is refused.
    const late = sql`insert into app.corpus_language (tenant_id, language, documents) values (${id}, 'english', 1)`
    const writing = db.database.writeAs({ tenantId: id, subject: 'test' }, async tx => {
      await tx.run(late)
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
    expect(await db.asAdmin('select from app.corpus_language where tenant_id = $1', [id])).toEqual([])
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
    const [searching, first, second] = [
      await db.createTenant(),
      await db.createTenant(),
      await db.createTenant(),
    ]
    const begun = Promise.withResolvers<void>()
    const end = Promise.withResolvers<void>()
    const search = db.database.readAs({ tenantId: searching, subject: 'test' }, async tx => {
      await tx.all(sql`select id from app.chunk where tenant_id = ${searching}`)
      begun.resolve()
      await end.promise
    })
    await begun.promise
    await Promise.all([first, second].map(markRemoving))
    const cut = eraseTenant(db.owner, first).catch((error: unknown) => error)
    await detachIsPending()
    await db.asAdmin(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like 'alter table%detach partition%' and state = 'active'`,
    )
    expect(await cut).toBeInstanceOf(Error)
    end.resolve()
    await search
    await detachIsPending()
    expect(await eraseTenant(db.owner, second)).toBe(true)
    expect(await eraseTenant(db.owner, first)).toBe(true)
    expect([...(await relationsOf(first)), ...(await relationsOf(second))]).toEqual([])
  })

  test('a table that somebody has locked delays the making of a tenant, and does not fail it', async () => {
    const id = await register('delayed')
    const locked = db.asAdmin('do $$ begin lock table app.chunk; perform pg_sleep(2.5); end $$')
    await expect
      .poll(() =>
        db.asAdmin(
          `select from pg_locks where relation = 'app.chunk'::regclass and mode = 'AccessExclusiveLock'`,
        ),
      )
      .toHaveLength(1)
    expect(await provisionTenant(db.owner, id)).toBe(true)
    await locked
  })

  const detachIsPending = () =>
    expect
      .poll(() => db.asAdmin('select from pg_inherits where inhdetachpending'), { timeout: 10_000 })
      .toHaveLength(1)
})

test('a new partitioned table is covered from birth: an active tenant gets its partition by the same job', async () => {
  const id = await db.createTenant()
  await db.owner.transaction(tx =>
    tx.exec(`create table app.newborn (tenant_id uuid not null, id uuid not null, content text not null, primary key (tenant_id, id)) partition by list (tenant_id);
      alter table app.newborn enable row level security; alter table app.newborn force row level security;`),
  )
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
    const [row] = await db.asAdmin(
      `
      select relrowsecurity and relforcerowsecurity as forced, (select count(*) from pg_policy where polrelid = oid) as policies,
        (select count(*) from aclexplode(relacl) a where a.grantee <> relowner) as grants
      from pg_class where relnamespace = 'app'::regnamespace and relname = $1`,
      [name],
    )
    expect(row, name).toEqual({ forced: true, policies: 0n, grants: 0n })
    const reading = db.database.readAs({ tenantId: id, subject: 'test' }, tx =>
      tx.all(sql`select from ${sql.table(`app.${name}`)}`),
    )
    await expect(reading).rejects.toThrow(/permission denied/)
  }
})

async function register(slug: string): Promise<string> {
  const id = uuidv7()
  await db.database.system('manage_tenants', tx =>
    tx.run(sql`insert into app.tenant (id, slug, name) values (${id}, ${slug}, ${slug})`),
  )
  return id
}

/** An owner's database that dies after so many steps, as a killed process would: what it had committed stays. */
function cutOff(owner: OwnerDatabase, steps: number): OwnerDatabase {
  let left = steps
  const spend = (): void => {
    if (left-- <= 0) throw new Error('cut off')
  }
  return {
    ...owner,
    runAlone: async text => {
      spend()
      return owner.runAlone(text)
    },
    transaction: async fn => {
      spend()
      return owner.transaction(fn)
    },
    maintain: async (tenantId, fn) => {
      spend()
      return owner.maintain(tenantId, fn)
    },
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
