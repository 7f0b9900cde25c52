// The tenant seal against SQL that was smuggled in: whatever a statement inside one tenant's transaction does to the
// setting, it does not see a row of another tenant. (What it might do to role and session: injected-sql.test.ts.)
import fc from 'fast-check'
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { TenantScope } from '../../src/platform/db/database.ts'
import type { Session } from '../../src/platform/db/engine/engine.ts'
import { mintSeal, type SealKey, type SealWords } from '../../src/platform/db/seal.ts'
import { sql } from '../../src/platform/db/statements.ts'
import type { TestDatabase } from '../harness/database.ts'
import { stateOf } from '../harness/refusal.ts'
import { openTwoTenants, raw, setSeal, type TwoTenants } from './two-tenants.ts'

const onServer = inject('engine') === 'postgres'

let here: TwoTenants
let db: TestDatabase
let a: TenantScope
let b: TenantScope
let visible: TwoTenants['visible']
beforeAll(async () => {
  here = await openTwoTenants()
  ;({ db, a, b, visible } = here)
})
afterAll(() => db.close())

/** Runs statements as the application role outside of any seal. */
async function unsealed<T>(fn: (session: Session) => Promise<T>): Promise<T> {
  const session = await db.app.acquire()
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
  test.each(['select tenant_id from', 'select count(*) as n from'])('%s every tenant table', async select => {
    for (const table of here.tables) {
      const { rows } = await unsealed(session => session.send({ text: `${select} app.${table}` }))
      expect(rows, table).toStrictEqual(select.includes('count') ? [{ n: 0n }] : [])
    }
  })

  test('nor right after a sealed transaction on the same connection, when the setting is empty and not unset (T3)', async () => {
    for (let i = 0; i < 10; i++) await db.database.readAs(a, visible)
    const seen = await Promise.all(
      Array.from({ length: 8 }, () =>
        unsealed(session => session.send({ text: `select id from app.document` })),
      ),
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
      expect(
        (await unsealed(session => session.send({ text: `select * from app.${table}` }))).rows,
        table,
      ).toStrictEqual([])
    }
  })
})

const sqlState = (error: unknown) => (error as { cause?: { code?: string } }).cause?.code

/** Inside A's transaction: which seal an injection might set, given the genuine one and the backend. */
type Forgery = (genuine: string, pid: number) => string
const words = (pid: number, over: Partial<SealWords> = {}): SealWords => ({
  realm: 'tenant',
  tenantId: b.tenantId,
  subject: 'x',
  reads: 'listed',
  lifetimeMs: 60_000,
  pid,
  ...over,
})
const withPart = (seal: string, part: number, text: string): string =>
  seal
    .split('.')
    .map((old, i) => (i === part ? text : old))
    .join('.')
const signed = (key: SealKey, payload: string): string =>
  `${payload}.${createHmac('sha256', key.secret).update(payload).digest('hex')}`

describe("RL05 a seal that the application did not make shows no other tenant's rows", () => {
  const stranger: SealKey = { id: 'stranger', secret: Buffer.alloc(32, 7) }
  const forgeries: [what: string, forge: Forgery][] = [
    ['a MAC made up', (_, pid) => withPart(mintSeal(db.sealKey, words(pid)), 9, 'ab'.repeat(32))],
    ["the other tenant with one's own MAC", genuine => withPart(genuine, 3, b.tenantId)],
    [
      'the other tenant, signed with another key under the right id',
      (_, pid) => mintSeal({ ...stranger, id: db.sealKey.id }, words(pid)),
    ],
    ['a key that the database does not know', (_, pid) => mintSeal(stranger, words(pid))],
    ['a key id that is SQL', (_, pid) => mintSeal({ ...stranger, id: `' or true --` }, words(pid))],
    ['an expired one', (_, pid) => mintSeal(db.sealKey, words(pid, { lifetimeMs: -20_000 }))],
    ['the genuine one with a later expiry', genuine => withPart(genuine, 6, String(Date.now() + 1e9))],
    ['the genuine one turned to maintenance', genuine => withPart(genuine, 2, 'maintenance')],
    ['the genuine one turned to system', genuine => withPart(genuine, 2, 'system')],
    ['a MAC in capitals', genuine => withPart(genuine, 9, genuine.split('.')[9]?.toUpperCase() ?? '')],
    ['no MAC', genuine => withPart(genuine, 9, '')],
    ['one part less', genuine => genuine.split('.').slice(0, 8).join('.')],
    ['one part more', genuine => `${genuine}.x`],
    ['another version', genuine => withPart(genuine, 0, '1')],
    ['a space in front', genuine => ` ${genuine}`],
    ['two seals', genuine => `${genuine},${genuine}`],
    ['dots alone', () => '........'],
    ['a word', () => 'x'],
    ['a megabyte', () => 'x.'.repeat(500_000)],
    [
      'a realm unknown, though signed',
      (_, pid) => mintSeal(db.sealKey, words(pid, { realm: 'root' as never })),
    ],
    [
      'a tenant that is no UUID, though signed',
      (_, pid) => mintSeal(db.sealKey, words(pid, { tenantId: 'everything' })),
    ],
    [
      'no expiry, though signed',
      (_, pid) => signed(db.sealKey, `1.${db.sealKey.id}.tenant.${b.tenantId}..n..${pid}`),
    ],
  ]
  test.each(forgeries)('%s', async (_, forge) => {
    const attempt = db.database.readAs(a, async tx => {
      const [own] = await tx.all(
        sql<{
          seal: string
          pid: number
        }>`select current_setting('app.seal') as seal, pg_backend_pid() as pid`,
      )
      await tx.all(setSeal(forge(own?.seal ?? '', onServer ? (own?.pid ?? 0) : 0)))
      return visible(tx)
    })
    const seen = await attempt.catch(sqlState)
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
    expect(
      await db.database.readAs(a, async tx => [await tx.all(setSeal('')), await visible(tx)][1]),
    ).toStrictEqual([])
  })

  test('any change of a genuine seal is refused, or it is the genuine seal still (300 random ones)', async () => {
    const character = fc.constantFrom(...Array.from('0123456789abcdefABCDEF.-_ kmsxyz\'"\\%é🦉'))
    const change = fc.oneof(
      fc.record({ kind: fc.constant('replace' as const), at: fc.nat(), text: character }),
      fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), text: character }),
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), text: fc.constant('') }),
      fc.record({
        kind: fc.constant('part' as const),
        at: fc.nat(8),
        text: fc.constantFrom(
          '',
          '0',
          '1',
          'tenant',
          'maintenance',
          'system',
          b.tenantId,
          b.tenantId.toUpperCase(),
          '9'.repeat(19),
          '-1',
        ),
      }),
      fc.record({ kind: fc.constant('swap' as const), at: fc.nat(7), text: fc.constant('') }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async changes => {
        let changed = ''
        let genuine = ''
        const attempt = db.database.readAs(a, async tx => {
          genuine =
            (await tx.first(sql<{ seal: string }>`select current_setting('app.seal') as seal`))?.seal ?? ''
          changed = changes.reduce(applied, genuine)
          await tx.all(setSeal(changed))
          return visible(tx)
        })
        const seen = await attempt.catch(sqlState)
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
    const seal = await db.database.readAs(b, tx =>
      tx.first(
        sql<{
          seal: string
          pid: number
        }>`select current_setting('app.seal') as seal, pg_backend_pid() as pid`,
      ),
    )
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
    const seen = await stateOf(
      db.database.writeAs(a, async tx => {
        await tx.run(raw('commit'))
        if (onServer) expect(await visible(tx)).toStrictEqual([])
        throw Object.assign(new Error('done'), { code: 'done' })
      }),
    )
    expect(seen).toBe('done')
  })

  test('what injected SQL sets for the whole session does not reach the rows of the next transaction', async () => {
    await db.database.readAs(a, tx =>
      tx.all(sql`select set_config('app.seal', current_setting('app.seal'), false)`),
    )
    const next = await Promise.all(Array.from({ length: 8 }, () => db.database.readAs(b, visible)))
    expect(next).toStrictEqual(Array.from({ length: 8 }, () => [b.tenantId]))
    await db.app.acquire().then(async session => {
      await session.send({ text: 'reset app.seal' })
      session.release()
    })
  })
})

describe('realms', () => {
  test("RL34 under a system seal not one tenant's row is seen or written", async () => {
    expect(await db.database.system('check_startup', visible)).toStrictEqual([])
    for (const table of here.tables) {
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
      await db.database.readAs(greedy, tx =>
        tx.first(sql<{ r: string }>`select split_part(current_setting('app.seal'), '.', 3) as r`),
      ),
      (
        await db.database.readBatchAs(greedy, [
          sql<{ r: string }>`select split_part(current_setting('app.seal'), '.', 3) as r`,
        ])
      )[0][0],
    ]) {
      expect(realm).toStrictEqual({ r: 'tenant' })
    }
    const attempt = db.database.readAs(a, async tx => {
      const own = await tx.first(sql<{ pid: number }>`select pg_backend_pid() as pid`)
      await tx.all(
        setSeal(mintSeal(db.sealKey, words(onServer ? (own?.pid ?? 0) : 0, { realm: 'maintenance' }))),
      )
      return visible(tx)
    })
    expect(await stateOf(attempt)).toBe('42501')
  })

  test("the maintainer sees one tenant's rows under its seal, and without one only whose rows wait for it", async () => {
    expect(await db.owner.maintain(b.tenantId, visible)).toStrictEqual([b.tenantId])
    const swept = ['audit', 'budget_alert', 'hold', 'ledger']
    for (const table of here.tables.filter(name => !swept.includes(name)))
      expect(
        await db.owner.transaction(tx => tx.all(sql`select from app.${sql.raw(table)}`)),
        table,
      ).toHaveLength(0)
  })

  test.each(['provisioning', 'removing'])(
    'a tenant that is %s gets forbidden, tenant_inactive, by every door',
    async status => {
      const tenantId = await db.createTenant()
      await db.asAdmin('update app.tenant set status = $1 where id = $2', [status, tenantId])
      const inactive = { code: 'forbidden', reason: 'tenant_inactive', say: 'This tenant is not active.' }
      const scope = { tenantId, subject: 'x' }
      await expect(db.database.readAs(scope, visible)).rejects.toMatchObject(inactive)
      await expect(db.database.readBatchAs(scope, [sql`select * from app.document`])).rejects.toMatchObject(
        inactive,
      )
      const insert = sql`insert into app.term_stat (tenant_id, term, df) values (${tenantId}, 'x', 1)`
      await expect(db.database.writeAs(scope, tx => tx.run(insert))).rejects.toMatchObject(inactive)
    },
  )

  test('a tenant that does not exist is as inactive', async () => {
    const reading = db.database.readAs(
      { tenantId: '0198aaaa-0000-7000-8000-00000000dead', subject: 'x' },
      visible,
    )
    await expect(reading).rejects.toMatchObject({ code: 'forbidden', reason: 'tenant_inactive' })
  })

  test.runIf(onServer)(
    'a tenant suspended within a transaction sees nothing from its next statement on',
    async () => {
      const tenantId = await db.createTenant()
      const read = sql`select id from app.document`
      const running = db.database.writeAs({ tenantId, subject: 'x' }, async tx => {
        expect(await tx.all(read)).toStrictEqual([])
        await db.asAdmin(`update app.tenant set status = 'removing' where id = $1`, [tenantId])
        await tx.all(read)
      })
      await expect(running).rejects.toMatchObject({ code: 'forbidden', reason: 'tenant_inactive' })
    },
  )
})

test('a subject may hold anything: it is neither SQL nor a part of the seal', async () => {
  for (const subject of [
    `x'; drop table app.audit; --`,
    'a.b.c.maintenance',
    '',
    '🦉\0',
    'x'.repeat(10_000),
  ]) {
    expect(await db.database.readAs({ ...a, subject }, visible)).toStrictEqual([a.tenantId])
  }
})
