// The tenant seal against SQL that was smuggled in: whatever a statement inside one tenant's transaction does to the
// setting, the role or the session, it does not see a row of another tenant.
import fc from 'fast-check'
import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Statement, TenantScope, Writer } from '../../src/platform/db/database.ts'
import type { Engine, Session } from '../../src/platform/db/engine/engine.ts'
import { ownerDatabase } from '../../src/platform/db/owner-database.ts'
import { newSealKey, publishSealKeys, sealKeysIn } from '../../src/platform/db/seal-keys.ts'
import { mintSeal, type SealKey, type SealWords } from '../../src/platform/db/seal.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { fillTenantTables, tenantTables } from './sample-rows.ts'

const onServer = inject('engine') === 'postgres'
const EMBEDDED_ROLE = onServer ? {} : { role: 'gatehouse_app' }

let db: TestDatabase
let a: TenantScope
let b: TenantScope
let tables: string[]
beforeAll(async () => {
  db = await openTestDatabase()
  a = { tenantId: await db.createTenant(), subject: 'a' }
  b = { tenantId: await db.createTenant(), subject: 'b' }
  await fillTenantTables(db, [a.tenantId, b.tenantId])
  tables = (await tenantTables(db)).map(({ name }) => name)
})
afterAll(() => db.close())

/** A text as one statement: what an injection amounts to. */
const raw = (text: string): Statement<Record<string, unknown>> => sql.raw(text) as never
const setSeal = (seal: string): Statement => sql`select set_config('app.seal', ${seal}, true)`

/** The SQLSTATE a statement was refused with, or 'accepted'. */
const stateOf = (running: Promise<unknown>): Promise<string> =>
  running.then(() => 'accepted', (error: { cause?: { code?: string }; code?: string }) => error.cause?.code ?? error.code ?? 'unknown')

/** Ids of the tenants whose rows a transaction sees, over all tenant tables. */
async function visible(tx: Pick<Writer, 'all'>): Promise<string[]> {
  const all = sql.join(tables.map(table => sql`select tenant_id from ${sql.table(`app.${table}`)}`), sql` union `)
  const rows = await tx.all(sql<{ id: string }>`select distinct tenant_id as id from (${all}) as t`)
  return rows.map(({ id }) => id)
}

/** Runs statements as the application role outside of any seal. */
async function unsealed<T>(fn: (session: Session) => Promise<T>, engine: Engine = db.app): Promise<T> {
  const session = await engine.acquire()
  try {
    await session.send({ text: 'begin' })
    if (!onServer) await session.send({ text: 'set local role gatehouse_app' })
    return await fn(session)
  } finally {
    await session.send({ text: 'rollback' })
    session.release()
  }
}

describe('RL01 without a seal there are no rows', () => {
  test.each(['select * from', 'select count(*) as n from'])('%s every tenant table', async select => {
    for (const table of tables) {
      const { rows } = await unsealed(session => session.send({ text: `${select} app.${table}` }))
      expect(rows, table).toStrictEqual(select.includes('count') ? [{ n: 0n }] : [])
    }
  })

  test('nor right after a sealed transaction on the same connection, when the setting is empty and not unset (T3)', async () => {
    for (let i = 0; i < 10; i++) await db.database.readAs(a, visible)
    const seen = await Promise.all(
      Array.from({ length: 8 }, () => unsealed(session => session.send({ text: `select id from app.document` }))),
    )
    expect(seen.map(({ rows }) => rows)).toStrictEqual(Array.from({ length: 8 }, () => []))
  })

  test('nor can one be inserted, updated or deleted', async () => {
    const insert = `insert into app.term_stat (tenant_id, term, df) values ('${a.tenantId}', 'x', 1)`
    expect(await stateOf(unsealed(session => session.send({ text: insert })))).toBe('42501')
    for (const text of ['update app.term_stat set df = 9', 'delete from app.term_stat']) {
      expect(await unsealed(session => session.send({ text }))).toMatchObject({ count: 0 })
    }
  })

  test('the deployment tables are as empty', async () => {
    for (const table of ['tenant', 'signing_key', 'token_revocation', 'deployment_audit']) {
      expect((await unsealed(session => session.send({ text: `select * from app.${table}` }))).rows, table).toStrictEqual([])
    }
  })
})

/** Inside A's transaction: which seal an injection might set, given the genuine one and the backend. */
type Forgery = (genuine: string, pid: number) => string
const words = (pid: number, over: Partial<SealWords> = {}): SealWords => ({ realm: 'tenant', tenantId: b.tenantId, subject: 'x', lifetimeMs: 60_000, pid, ...over })
const withPart = (seal: string, part: number, text: string): string => seal.split('.').map((old, i) => (i === part ? text : old)).join('.')
const signed = (key: SealKey, payload: string): string => `${payload}.${createHmac('sha256', key.secret).update(payload).digest('hex')}`

describe("RL05 a seal that the application did not make shows no other tenant's rows", () => {
  const stranger: SealKey = { id: 'stranger', secret: Buffer.alloc(32, 7) }
  const forgeries: [what: string, forge: Forgery][] = [
    ['a MAC made up', (_, pid) => withPart(mintSeal(db.sealKey, words(pid)), 8, 'ab'.repeat(32))],
    ["the other tenant with one's own MAC", genuine => withPart(genuine, 3, b.tenantId)],
    ['the other tenant, signed with another key under the right id', (_, pid) => mintSeal({ ...stranger, id: db.sealKey.id }, words(pid))],
    ['a key that the database does not know', (_, pid) => mintSeal(stranger, words(pid))],
    ['a key id that is SQL', (_, pid) => mintSeal({ ...stranger, id: `' or true --` }, words(pid))],
    ['an expired one', (_, pid) => mintSeal(db.sealKey, words(pid, { lifetimeMs: -20_000 }))],
    ['the genuine one with a later expiry', genuine => withPart(genuine, 6, String(Date.now() + 1e9))],
    ['the genuine one turned to maintenance', genuine => withPart(genuine, 2, 'maintenance')],
    ['the genuine one turned to system', genuine => withPart(genuine, 2, 'system')],
    ['a MAC in capitals', genuine => withPart(genuine, 8, genuine.split('.')[8]?.toUpperCase() ?? '')],
    ['no MAC', genuine => withPart(genuine, 8, '')],
    ['one part less', genuine => genuine.split('.').slice(0, 8).join('.')],
    ['one part more', genuine => `${genuine}.x`],
    ['another version', genuine => withPart(genuine, 0, '2')],
    ['a space in front', genuine => ` ${genuine}`],
    ['two seals', genuine => `${genuine},${genuine}`],
    ['dots alone', () => '........'],
    ['a word', () => 'x'],
    ['a megabyte', () => 'x.'.repeat(500_000)],
    ['a realm unknown, though signed', (_, pid) => mintSeal(db.sealKey, words(pid, { realm: 'root' as never }))],
    ['a tenant that is no UUID, though signed', (_, pid) => mintSeal(db.sealKey, words(pid, { tenantId: 'everything' }))],
    ['no expiry, though signed', (_, pid) => signed(db.sealKey, `1.${db.sealKey.id}.tenant.${b.tenantId}..n..${pid}`)],
  ]
  test.each(forgeries)('%s', async (_, forge) => {
    const attempt = db.database.readAs(a, async tx => {
      const [own] = await tx.all(sql<{ seal: string; pid: number }>`select current_setting('app.seal') as seal, pg_backend_pid() as pid`)
      await tx.all(setSeal(forge(own?.seal ?? '', onServer ? (own?.pid ?? 0) : 0)))
      return visible(tx)
    })
    const seen = await attempt.catch((error: { cause?: { code?: string } }) => error.cause?.code)
    // Refused in most cases; a realm that Postgres does not know simply opens nothing.
    expect(['42501', '22P02', '[]']).toContain(Array.isArray(seen) ? JSON.stringify(seen) : seen)
  })

  test('the same attempt with a seal that the application did make is not refused (so the refusals above are about the seal)', async () => {
    const seen = await db.database.readAs(a, async tx => {
      const [own] = await tx.all(sql<{ pid: number }>`select pg_backend_pid() as pid`)
      await tx.all(setSeal(mintSeal(db.sealKey, words(onServer ? (own?.pid ?? 0) : 0))))
      return visible(tx)
    })
    expect(seen).toStrictEqual([b.tenantId])
  })

  test('an empty seal, set by injection, opens nothing', async () => {
    expect(await db.database.readAs(a, async tx => [await tx.all(setSeal('')), await visible(tx)][1])).toStrictEqual([])
  })

  test('any change of a genuine seal is refused, or it is the genuine seal still (300 random ones)', async () => {
    const character = fc.constantFrom(...'0123456789abcdefABCDEF.-_ kmsxyz\'"\\%é🦉')
    const change = fc.oneof(
      fc.record({ kind: fc.constant('replace' as const), at: fc.nat(), text: character }),
      fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), text: character }),
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), text: fc.constant('') }),
      fc.record({ kind: fc.constant('part' as const), at: fc.nat(8), text: fc.constantFrom('', '0', '1', 'tenant', 'maintenance', 'system', b.tenantId, b.tenantId.toUpperCase(), '9'.repeat(19), '-1') }),
      fc.record({ kind: fc.constant('swap' as const), at: fc.nat(7), text: fc.constant('') }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async changes => {
        let changed = ''
        let genuine = ''
        const attempt = db.database.readAs(a, async tx => {
          genuine = (await tx.first(sql<{ seal: string }>`select current_setting('app.seal') as seal`))?.seal ?? ''
          changed = changes.reduce(applied, genuine)
          await tx.all(setSeal(changed))
          return visible(tx)
        })
        const seen = await attempt.catch((error: { cause?: { code?: string } }) => error.cause?.code)
        if (changed === genuine) expect(seen).toStrictEqual([a.tenantId])
        else if (changed === '') expect(seen).toStrictEqual([])
        else expect(seen, changed).toBe('42501')
      }),
      { numRuns: 300 },
    )
  })

  function applied(seal: string, { kind, at, text }: { kind: string; at: number; text: string }): string {
    const place = at % Math.max(seal.length, 1)
    if (kind === 'replace') return seal.slice(0, place) + text + seal.slice(place + 1)
    if (kind === 'insert') return seal.slice(0, place) + text + seal.slice(place)
    if (kind === 'cut') return seal.slice(0, place)
    if (kind === 'part') return withPart(seal, at, text)
    const parts = seal.split('.')
    ;[parts[at], parts[at + 1]] = [parts[at + 1] ?? '', parts[at] ?? '']
    return parts.join('.')
  }

  test.runIf(onServer)('a genuine seal replayed on another connection is refused', async () => {
    const seal = await db.database.readAs(b, tx => tx.first(sql<{ seal: string; pid: number }>`select current_setting('app.seal') as seal, pg_backend_pid() as pid`))
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () =>
        stateOf(
          db.database.readAs(a, async tx => {
            const here = await tx.first(sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(0.05)`)
            // On the very connection it was minted for, a seal is good until it expires.
            if (here?.pid === seal?.pid) return tx.all(sql`select 1 / 0`)
            return tx.all(setSeal(seal?.seal ?? '')).then(() => visible(tx))
          }),
        ),
      ),
    )
    expect(outcomes.filter(state => state === '42501').length).toBeGreaterThanOrEqual(5)
    expect(outcomes).not.toContain('accepted')
  })

  test('a seal ends with its transaction: SQL that commits early goes on without one', async () => {
    const seen = await stateOf(db.database.writeAs(a, async tx => {
      await tx.run(raw('commit'))
      if (onServer) expect(await visible(tx)).toStrictEqual([])
      throw Object.assign(new Error('done'), { code: 'done' })
    }))
    expect(seen).toBe('done')
  })

  test('what injected SQL sets for the whole session does not reach the rows of the next transaction', async () => {
    await db.database.readAs(a, tx => tx.all(sql`select set_config('app.seal', current_setting('app.seal'), false)`))
    const next = await Promise.all(Array.from({ length: 8 }, () => db.database.readAs(b, visible)))
    expect(next).toStrictEqual(Array.from({ length: 8 }, () => [b.tenantId]))
    await db.app.acquire().then(async session => {
      await session.send({ text: 'reset app.seal' })
      session.release()
    })
  })
})

describe('realms', () => {
  test("under a system seal not one tenant's row is seen or written", async () => {
    expect(await db.database.system('check_startup', visible)).toStrictEqual([])
    for (const table of tables) {
      const count = sql<{ n: bigint }>`select count(*) as n from ${sql.table(`app.${table}`)}`
      expect(await db.database.system('check_startup', tx => tx.all(count)), table).toStrictEqual([{ n: 0n }])
    }
    const insert = sql`insert into app.term_stat (tenant_id, term, df) values (${a.tenantId}, 'x', 1)`
    expect(await stateOf(db.database.system('check_startup', tx => tx.run(insert)))).toBe('42501')
  })

  test("under a tenant's seal the deployment's tables show nothing but the tenant's own row", async () => {
    const seen = await db.database.readAs(a, async tx => [
      await tx.all(sql`select id from app.tenant`),
      await tx.all(sql`select * from app.signing_key`),
      await tx.all(sql`select * from app.token_revocation`),
      await tx.all(sql`select * from app.deployment_audit`),
    ])
    expect(seen).toStrictEqual([[{ id: a.tenantId }], [], [], []])
    for (const write of [
      sql`insert into app.tenant (id, slug, name) values (gen_random_uuid(), 'sneaked', 'x')`,
      sql`insert into app.token_revocation (token_id, expires_at) values ('x', now())`,
    ]) {
      expect(await stateOf(db.database.writeAs(a, tx => tx.run(write)))).toBe('42501')
    }
    expect(await db.database.writeAs(a, tx => tx.run(sql`update app.tenant set tier = 'enterprise'`))).toBe(0)
  })

  test('the maintenance realm cannot be had from the application: no argument turns into it, and a seal of it is refused', async () => {
    const greedy = { ...a, realm: 'maintenance', begin: 'begin', pid: 0 } as TenantScope
    for (const realm of [
      await db.database.readAs(greedy, tx => tx.first(sql<{ r: string }>`select split_part(current_setting('app.seal'), '.', 3) as r`)),
      (await db.database.readBatchAs(greedy, [sql<{ r: string }>`select split_part(current_setting('app.seal'), '.', 3) as r`]))[0][0],
    ]) {
      expect(realm).toStrictEqual({ r: 'tenant' })
    }
    const attempt = db.database.readAs(a, async tx => {
      const own = await tx.first(sql<{ pid: number }>`select pg_backend_pid() as pid`)
      await tx.all(setSeal(mintSeal(db.sealKey, words(onServer ? (own?.pid ?? 0) : 0, { realm: 'maintenance' }))))
      return visible(tx)
    })
    expect(await stateOf(attempt)).toBe('42501')
  })

  test("the maintainer sees one tenant's rows under its seal, and none without", async () => {
    expect(await db.owner.maintain(b.tenantId, visible)).toStrictEqual([b.tenantId])
    expect(await db.owner.transaction(visible)).toStrictEqual([])
  })

  test.each(['provisioning', 'removing'])('a tenant that is %s gets forbidden, tenant_inactive, by every door', async status => {
    const tenantId = await db.createTenant()
    await db.asAdmin('update app.tenant set status = $1 where id = $2', [status, tenantId])
    const inactive = { code: 'forbidden', reason: 'tenant_inactive', say: 'This tenant is not active.' }
    const scope = { tenantId, subject: 'x' }
    await expect(db.database.readAs(scope, visible)).rejects.toMatchObject(inactive)
    await expect(db.database.readBatchAs(scope, [sql`select * from app.document`])).rejects.toMatchObject(inactive)
    const insert = sql`insert into app.term_stat (tenant_id, term, df) values (${tenantId}, 'x', 1)`
    await expect(db.database.writeAs(scope, tx => tx.run(insert))).rejects.toMatchObject(inactive)
  })

  test('a tenant that does not exist is as inactive', async () => {
    const reading = db.database.readAs({ tenantId: '0198aaaa-0000-7000-8000-00000000dead', subject: 'x' }, visible)
    await expect(reading).rejects.toMatchObject({ code: 'forbidden', reason: 'tenant_inactive' })
  })

  test('a tenant suspended in the middle of a transaction sees nothing from its next statement on', async () => {
    const tenantId = await db.createTenant()
    const read = sql`select id from app.document`
    const running = db.database.writeAs({ tenantId, subject: 'x' }, async tx => {
      expect(await tx.all(read)).toStrictEqual([])
      if (onServer) await db.asAdmin(`update app.tenant set status = 'removing' where id = $1`, [tenantId])
      else throw Object.assign(new Error('one connection'), { code: 'forbidden', reason: 'tenant_inactive' })
      await tx.all(read)
    })
    if (onServer) await expect(running).rejects.toMatchObject({ code: 'forbidden', reason: 'tenant_inactive' })
    else await running.catch(() => undefined)
  })
})

describe('RL04 a tenant id that is no UUID never reaches SQL', () => {
  const ids = [
    `x'; set local role postgres; --`, '', ' ', 'tenant-123', '0198AAAA-0000-7000-8000-000000000001', '0198aaaa00007000800000000000000f',
    '{0198aaaa-0000-7000-8000-000000000001}', '0198aaaa-0000-7000-8000-000000000001\n', '0198aaaa-0000-7000-8000-000000000001.x', '\0',
  ]
  const untouched: Engine = {
    kind: 'postgres',
    acquire: () => {
      throw new Error('the engine was asked')
    },
    close: () => Promise.resolve(),
  }
  const key = newSealKey()
  test.each([...ids, undefined as unknown as string])('%j', async tenantId => {
    const database = sealedDatabase({ engine: untouched, sealKey: () => key })
    const owner = ownerDatabase({ engine: untouched, sealKey: () => key, role: 'gatehouse_owner' })
    const refused = { code: 'internal', message: 'a tenant that is no UUID never reaches the database' }
    await expect(database.readAs({ tenantId, subject: 'x' }, visible)).rejects.toMatchObject(refused)
    await expect(database.writeAs({ tenantId, subject: 'x' }, visible)).rejects.toMatchObject(refused)
    await expect(database.readBatchAs({ tenantId, subject: 'x' }, [sql`select 1`])).rejects.toMatchObject(refused)
    await expect(owner.maintain(tenantId, visible)).rejects.toMatchObject(refused)
  })

  test('a subject may hold anything: it is neither SQL nor a part of the seal', async () => {
    for (const subject of [`x'; drop table app.audit; --`, 'a.b.c.maintenance', '', '🦉\0', 'x'.repeat(10_000)]) {
      expect(await db.database.readAs({ ...a, subject }, visible)).toStrictEqual([a.tenantId])
    }
  })
})

describe('what else injected SQL might try', () => {
  const partition = () => `app.chunk_${b.tenantId.replaceAll('-', '')}`
  const refusals: [id: string, text: string | (() => string), state: string][] = [
    ['RL23', 'set role gatehouse_owner', '42501'],
    ['RL23', 'set role postgres', '42501'],
    ['RL23', 'set local role gatehouse_worker', '42501'],
    ['RL23', `select set_config('role', 'gatehouse_owner', true)`, '42501'],
    ['RL23', 'set session authorization postgres', '42501'],
    ['RL23', `select set_config('session_authorization', 'postgres', true)`, '42501'],
    ['RL17', 'create temp table document (id uuid)', '42501'],
    ['RL17', `create function pg_temp.leak(text) returns bool language sql as 'select true'`, '42501'],
    ['RL17', `create function app.leak(text) returns bool language sql as 'select true'`, '42501'],
    ['RL17', `create function public.leak(text) returns bool language sql as 'select true'`, '42501'],
    ['RL18', 'create table public.document (id uuid)', '42501'],
    ['RL18', 'create view app.v as select 1 as n', '42501'],
    ['RL18', 'create schema shadow', '42501'],
    ['RL19', `copy (select 1) to program 'true'`, '42501'],
    ['RL19', `copy app.document from program 'true'`, '42501'],
    ['RL19', `copy (select 1) to '/tmp/x'`, '42501'],
    ['RL11', () => `select * from ${partition()}`, '42501'],
    ['RL11', () => `insert into ${partition()} select * from ${partition()}`, '42501'],
    ['RL25', 'truncate app.document cascade', '42501'],
    ['RL25', `select nextval('app.audit_sequence_seq')`, '42501'],
    ['RL25', `select setval('app.audit_sequence_seq', 1)`, '42501'],
    ['RL25', `select lo_import('/etc/passwd')`, '42501'],
    ['RL25', `select lo_from_bytea(0, 'kept for someone else')`, '42501'],
    ['RL25', 'select lo_create(0)', '42501'],
    ['RL05', 'select * from app.seal_key', '42501'],
    ['RL05', 'select * from app.open_seal()', '42501'],
    ['RL05', `insert into app.seal_key (id, inner_pad, outer_pad) values ('mine', '', '')`, '42501'],
    ['RL06', 'alter table app.document disable row level security', '42501'],
    ['RL06', 'alter table app.document no force row level security', '42501'],
    ['RL06', 'create policy mine on app.document using (true)', '42501'],
    ['RL06', 'drop policy own_rows on app.document', '42501'],
    ['RL06', 'alter table app.document owner to current_user', '42501'],
    ['RL06', 'grant gatehouse_owner to current_user', '42501'],
    ['RL07', 'alter role current_user bypassrls', '42501'],
    ['RL07', 'create role mine superuser', '42501'],
    ['RL10', `create or replace function app.tenant_id() returns uuid language sql as 'select null::uuid'`, '42501'],
    ['RL10', `alter function app.tenant_id() owner to current_user`, '42501'],
    ['', 'select * from pg_authid', '42501'],
    ['', 'select * from pg_statistic', '42501'],
    ['', `select pg_read_file('PG_VERSION')`, '42501'],
    ['', `select * from pg_ls_dir('.')`, '42501'],
    ['', `set local session_replication_role = replica`, '42501'],
    ['', `alter system set log_statement = 'all'`, '42501'],
    ['', 'select data from pgboss.job_common', '42501'],
    ['', 'select * from app.applied_function', '42501'],
    ['', `update app.tenant set id = gen_random_uuid()`, '42501'],
    ['', `update app.audit set outcome = 'ok'`, '42501'],
    ['', 'delete from app.audit', '42501'],
    ['', 'delete from app.tenant', '42501'],
    ['', 'delete from app.deployment_audit', '42501'],
  ]
  // The embedded session is the superuser's, who may take on any role: see the tests at the end.
  const isAboutRoles = (text: string) => /role|session authorization|session_authorization/.test(text) && !/alter role|create role/.test(text)
  for (const [id, text, state] of refusals) {
    test.runIf(onServer || !isAboutRoles(String(text)))(`${id} ${String(text).replace('() => ', '')} is refused`.trim(), async () => {
      // A transaction block refuses ALTER SYSTEM by another state before anyone's rights are asked.
      const expected = String(text).startsWith('alter system') ? ['42501', '25001'] : [state]
      const statement = typeof text === 'function' ? text() : text
      expect(expected).toContain(await stateOf(db.database.writeAs(a, tx => tx.all(raw(statement)))))
    })
  }

  test('RL22 row_security = off gives an error, not rows', async () => {
    const attempt = db.database.readAs(a, async tx => {
      await tx.all(raw('set local row_security = off'))
      return visible(tx)
    })
    expect(await stateOf(attempt)).toBe('42501')
  })

  test.runIf(onServer).each(['reset role', 'reset session authorization', `select set_config('role', 'none', true)`, 'discard plans', 'reset all'])(
    'RL23 %s changes nothing that matters',
    async text => {
      const seen = await db.database.readAs(a, async tx => {
        await tx.all(raw(text))
        return visible(tx)
      })
      expect(seen).not.toContain(b.tenantId)
    },
  )

  test("RL19 COPY … TO STDOUT gives nothing of another tenant's", async () => {
    const attempt = db.database.readAs(a, tx => tx.all(raw('copy app.document to stdout')))
    const answer = await attempt.catch((error: Error) => error.message)
    expect(JSON.stringify(answer)).not.toContain(b.tenantId)
    expect(await db.database.readAs(a, visible)).toStrictEqual([a.tenantId])
  })

  test('RL20 the statistics of columns are not shown', async () => {
    await db.asAdmin('analyze app.document')
    const seen = await db.database.readAs(a, tx => tx.all(sql`select * from pg_stats where schemaname = 'app' and tablename = 'document'`))
    expect(seen).toStrictEqual([])
  })

  test("RL17 a condition with a side effect sees one's own rows only: it cannot run before the policy", async () => {
    // A cast that fails quotes the value it failed on; over hidden rows it would tell them.
    const attempt = db.database.readAs(a, tx => tx.all(sql`select 1 from app.document where title::int = 0`))
    const message = await attempt.then(() => '', (error: Error) => error.message)
    expect(message).toContain(a.tenantId.slice(-6))
    expect(message).not.toContain(b.tenantId.slice(-6))
  })

  // The embedded engine has one session, the superuser's (docs/SECURITY.md): smuggled SQL that gives the transaction's
  // role back stands above all policies. What holds there is what these two tests say, and no more.
  test.runIf(!onServer)(
    'embedded: RESET ROLE does step out of row-level security (known); the next transaction is bound again',
    async () => {
      const seen = await db.database.readAs(a, async tx => {
        await tx.all(raw('reset role'))
        return tx.first(sql<{ super: boolean }>`select rolsuper as super from pg_roles where rolname = current_user`)
      })
      expect(seen).toStrictEqual({ super: true })
      expect(await db.database.readAs(b, visible)).toStrictEqual([b.tenantId])
      expect(await db.database.readAs(b, tx => tx.first(sql`select current_user::text as role`))).toStrictEqual({ role: 'gatehouse_app' })
    },
  )

  test.runIf(!onServer)('embedded: a forged seal is refused although the role could be given back', async () => {
    const attempt = db.database.readAs(a, async tx => {
      await tx.all(setSeal(mintSeal({ id: db.sealKey.id, secret: Buffer.alloc(32) }, words(0))))
      return visible(tx)
    })
    expect(await stateOf(attempt)).toBe('42501')
  })
})

describe('keys of the seal', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-seal-'))
  })
  afterAll(async () => {
    await publishSealKeys(db.owner, [db.sealKey], 'replace')
    await rm(folder, { recursive: true, force: true })
  })

  async function ringed(name: string) {
    const ring = await sealKeysIn(join(folder, name, 'seal'))
    await publishSealKeys(db.owner, ring.all(), 'add')
    return { ring, database: sealedDatabase({ engine: db.app, sealKey: () => ring.current(), ...EMBEDDED_ROLE }) }
  }

  test('a rotation overlaps: the old key is accepted until the next rotation, and refused then', async () => {
    const { ring, database } = await ringed('overlap')
    const first = ring.current()
    const withFirst = sealedDatabase({ engine: db.app, sealKey: () => first, ...EMBEDDED_ROLE })
    const second = await ring.rotate(db.owner)
    expect(second.id).not.toBe(first.id)
    expect(await database.readAs(a, visible)).toStrictEqual([a.tenantId])
    expect(await withFirst.readAs(a, visible)).toStrictEqual([a.tenantId])
    await ring.rotate(db.owner)
    expect(await database.readAs(a, visible)).toStrictEqual([a.tenantId])
    expect(await stateOf(withFirst.readAs(a, visible))).toBe('42501')
    // What the file holds is what a restarted process signs with, and the one before.
    const restarted = await sealKeysIn(join(folder, 'overlap', 'seal'))
    expect(restarted.all().map(({ id }) => id)).toStrictEqual(ring.all().map(({ id }) => id))
    expect(restarted.current().secret.equals(ring.current().secret)).toBe(true)
  })

  test('a rotation under 500 concurrent transactions loses none', async () => {
    const { ring, database } = await ringed('busy')
    const insert = (n: number) => sql`insert into app.term_stat (tenant_id, term, df) values (${a.tenantId}, ${`rotation-${n}`}, 1)`
    const writes = Array.from({ length: 500 }, (_, n) => database.writeAs(a, tx => tx.run(insert(n))))
    // After some have committed, before the last has begun: embedded, the rotation waits in the same queue.
    await writes[50]
    const [outcomes] = await Promise.all([Promise.allSettled(writes), ring.rotate(db.owner)])
    expect(outcomes.filter(({ status }) => status === 'rejected')).toStrictEqual([])
    const after = Array.from({ length: 20 }, () => database.readAs(a, tx => tx.first(sql<{ n: bigint }>`select count(*) as n from app.term_stat where term like 'rotation-%'`)))
    expect(new Set((await Promise.all(after)).map(row => row?.n))).toStrictEqual(new Set([500n]))
  })
})
