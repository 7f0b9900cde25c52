// Many transactions of two tenants through few connections, with everything that can go wrong in between: no
// transaction sees a row of the other tenant, nothing stays on a connection, and every connection comes back.
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Database, Reader, TenantScope } from '../../src/platform/db/database.ts'
import type { Engine } from '../../src/platform/db/engine/engine.ts'
import { pgEngine } from '../../src/platform/db/engine/pg-engine.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { refusalOf } from '../harness/refusal.ts'

const onServer = inject('engine') === 'postgres'
const POOL = onServer ? 4 : 1
// The embedded engine is one session on one thread: fewer make the same point.
const TRANSACTIONS = onServer ? 30_000 : 5_000
const CALLERS = 32

let db: TestDatabase
let engine: Engine
let database: Database
let tenants: readonly [string, string]
beforeAll(async () => {
  db = await openTestDatabase()
  engine = onServer
    ? pgEngine({
        url: db.urls?.app ?? '',
        poolSize: POOL,
        pooled: false,
        applicationName: 'hygiene',
        onIdleError: () => undefined,
      })
    : db.app
  database = sealedDatabase({
    engine,
    sealKey: () => db.sealKey,
    ...(onServer ? {} : { role: 'gatehouse_app' }),
  })
  tenants = [await db.createTenant(), await db.createTenant()]
  // A constraint that is checked at COMMIT, so that a COMMIT can fail.
  await db.owner.transaction(tx =>
    tx.exec(`
    create table app.at_commit (tenant_id uuid not null, n int not null, unique (tenant_id, n) deferrable initially deferred);
    alter table app.at_commit enable row level security;
    alter table app.at_commit force row level security;
    create policy own_rows on app.at_commit using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
    grant select, insert on app.at_commit to gatehouse_app`),
  )
  for (const tenantId of tenants) {
    await database.writeAs({ tenantId, subject: 'setup' }, tx =>
      tx.run(sql`insert into app.at_commit (tenant_id, n) values (${tenantId}, 0)`),
    )
  }
})
afterAll(async () => {
  if (onServer) await engine.close()
  await db.close()
})

const marks = sql<{ id: string }>`select tenant_id as id from app.at_commit`
const mark = (tenantId: string) => sql`insert into app.at_commit (tenant_id, n) values (${tenantId}, 0)`

/** What the storm saw; everything but `ran` and `expected` must stay 0. */
interface Tally {
  ran: number
  /** Transactions that ended by the fault they were made to end by. */
  readonly expected: Record<string, number>
  foreign: number
  missing: number
  leftBehind: number
  readonly surprises: string[]
}

/** A transaction of the tenant that ends in its own way; resolves with the code of the fault it should end by. */
type Act = (scope: TenantScope, look: (rows: readonly { id: string }[]) => void) => Promise<unknown>

const inOneExchange: Act = async (scope, look) => look((await database.readBatchAs(scope, [marks]))[0])
const ordinary: readonly Act[] = [
  ...Array.from({ length: 6 }, () => inOneExchange),
  async (scope, look) => database.readAs(scope, async tx => look(await tx.all(marks))),
  async (scope, look) => database.writeAs(scope, async tx => look(await tx.all(marks))),
]

const accidents: Record<string, { readonly ends: string; readonly weight: number; readonly act: Act }> = {
  'the code throws': {
    ends: 'internal',
    weight: 100,
    act: (scope, look) =>
      database.writeAs(scope, async tx => {
        look(await tx.all(marks))
        throw new Error('thrown on purpose')
      }),
  },
  'the code throws while a statement is under way': {
    ends: 'internal',
    weight: 50,
    act: scope =>
      database.writeAs(scope, async tx => {
        tx.all(marks).catch(() => undefined)
        throw new Error('thrown on purpose')
      }),
  },
  'a statement fails': {
    ends: 'internal',
    weight: 50,
    act: scope => database.readAs(scope, tx => tx.all(sql`select 1 / 0`)),
  },
  'a statement of a batch fails': {
    ends: 'internal',
    weight: 50,
    act: scope => database.readBatchAs(scope, [marks, sql`select 1 / 0`, marks]),
  },
  'a statement fails and the code goes on': {
    ends: 'internal',
    weight: 50,
    act: scope => database.writeAs(scope, tx => tx.all(sql`select 1 / 0`).catch(() => undefined)),
  },
  'the COMMIT fails': {
    ends: 'conflict',
    weight: 50,
    act: scope => database.writeAs(scope, tx => tx.run(mark(scope.tenantId))),
  },
  'a call within the transaction': {
    ends: 'internal',
    weight: 50,
    act: scope => database.readAs(scope, () => database.readAs(scope, tx => tx.all(marks))),
  },
  'a batch within the transaction': {
    ends: 'internal',
    weight: 50,
    act: scope => database.readAs(scope, () => database.readBatchAs(scope, [marks])),
  },
  'a slow callback': {
    ends: '',
    weight: 20,
    act: (scope, look) =>
      database.readAs(scope, async tx => {
        await wait(2)
        look(await tx.all(marks))
      }),
  },
  'the time runs out in a statement': {
    ends: 'timeout',
    weight: 3,
    act: scope => database.readAs({ ...scope, timeoutMs: 20 }, tx => tx.all(slow)),
  },
  'the time runs out in the code': {
    ends: 'timeout',
    weight: 3,
    act: scope =>
      database.readAs({ ...scope, timeoutMs: 20 }, async tx => {
        await wait(60)
        await tx.all(marks).catch(() => undefined)
      }),
  },
  'the caller goes away in a statement': {
    ends: 'cancelled',
    weight: 3,
    act: scope => database.readAs({ ...scope, signal: AbortSignal.timeout(5) }, tx => tx.all(slow)),
  },
  'the caller goes away in a batch': {
    ends: 'cancelled',
    weight: 3,
    act: scope => database.readBatchAs({ ...scope, signal: AbortSignal.timeout(5) }, [marks, slow, marks]),
  },
  'the caller has gone before': {
    ends: 'cancelled',
    weight: 20,
    act: scope => database.writeAs({ ...scope, signal: AbortSignal.abort() }, tx => tx.all(marks)),
  },
}

// Long enough to be interrupted; the embedded engine runs it to its end, so there it is short.
const slow = onServer ? sql`select pg_sleep(60)` : sql`select count(*) from generate_series(1, 100000)`

/** Numbers that look random and are the same at every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

describe(`RL02 ${TRANSACTIONS.toLocaleString('en')} interleaved transactions of two tenants over ${POOL} connection(s)`, () => {
  const tally: Tally = { ran: 0, expected: {}, foreign: 0, missing: 0, leftBehind: 0, surprises: [] }

  beforeAll(async () => {
    const random = numbers(20_261_121)
    const names = Object.entries(accidents).flatMap(([name, { weight }]) =>
      Array.from({ length: weight }, () => name),
    )
    let left = TRANSACTIONS
    await Promise.all(
      Array.from({ length: CALLERS }, async () => {
        while (left-- > 0) {
          const dice = random()
          if (dice < 0.01) await lookBetween()
          else if (dice < 0.06)
            await accident(names[Math.floor(random() * names.length)] ?? '', scopeOf(random()))
          else await normal(ordinary[Math.floor(random() * ordinary.length)] as Act, scopeOf(random()))
        }
      }),
    )
  }, 120_000)

  const scopeOf = (dice: number): TenantScope => ({ tenantId: tenants[dice < 0.5 ? 0 : 1], subject: 'storm' })
  const lookAs =
    ({ tenantId }: TenantScope) =>
    (rows: readonly { id: string }[]): void => {
      if (rows.some(({ id }) => id !== tenantId)) tally.foreign++
      if (rows.length !== 1) tally.missing++
    }

  async function normal(act: Act, scope: TenantScope): Promise<void> {
    const refusal = await refusalOf(act(scope, lookAs(scope)))
    if (refusal !== undefined) tally.surprises.push(`an ordinary one: ${refusal.message}`)
    tally.ran++
  }

  async function accident(name: string, scope: TenantScope): Promise<void> {
    const { ends, act } = accidents[name] as (typeof accidents)[string]
    const code = (await refusalOf(act(scope, lookAs(scope))))?.code ?? ''
    // Embedded, a short statement may be done before its caller has gone.
    if (code === ends || (!onServer && code === '')) tally.expected[name] = (tally.expected[name] ?? 0) + 1
    else tally.surprises.push(`${name}: ${code}`)
    tally.ran++
  }

  /** A statement on a pooled connection outside of any seal: what is left on it? */
  async function lookBetween(): Promise<void> {
    const session = await engine.acquire()
    const { rows } = await session.send({
      text: `select coalesce(current_setting('app.seal', true), '') as seal, current_user = session_user as "isItself",
        current_setting('statement_timeout') as timeout, current_setting('transaction_read_only') as "isReadOnly",
        (select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'advisory') as locks`,
    })
    session.release()
    const clean = { seal: '', isItself: true, timeout: '0', isReadOnly: 'off', locks: 0n }
    if (JSON.stringify(rows[0], asText) !== JSON.stringify(clean, asText)) {
      tally.leftBehind++
      tally.surprises.push(JSON.stringify(rows[0], asText))
    }
    tally.ran++
  }
  const asText = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)

  test('all ran, and each ended as it should', () => {
    expect(tally.surprises.slice(0, 10)).toStrictEqual([])
    expect(tally.ran).toBe(TRANSACTIONS)
  })

  test('0 foreign rows; every transaction saw its own', () => {
    expect(tally).toMatchObject({ foreign: 0, missing: 0 })
  })

  test('every kind of accident happened', () => {
    expect(Object.keys(tally.expected).toSorted()).toStrictEqual(Object.keys(accidents).toSorted())
  })

  test('RL03 nothing was left on a connection: no seal, no role, no time limit, no lock', async () => {
    await Promise.all(Array.from({ length: POOL * 4 }, lookBetween))
    expect(tally.leftBehind).toBe(0)
  })

  test('every connection came back: as many transactions as there are connections are open at once', async () => {
    const inside = Promise.withResolvers<void>()
    let count = 0
    // Of both tenants: one alone has half of them at most.
    const together = Array.from({ length: POOL }, (_, at) =>
      database.readAs({ tenantId: at % 2 === 0 ? tenants[0] : tenants[1], subject: 'after' }, async tx => {
        await tx.all(marks)
        if (++count === POOL) inside.resolve()
        await inside.promise
      }),
    )
    await Promise.all(together)
    expect(count).toBe(POOL)
  })

  test.runIf(onServer)(
    'what was interrupted has stopped in the server, and no connection is left over',
    async () => {
      const sessions = `select count(*)::int as all, count(*) filter (where state = 'active' or state like 'idle in%')::int as busy
      from pg_stat_activity where application_name = 'hygiene' and datname = current_database()`
      let seen: unknown
      for (let waited = 0; waited < 5_000; waited += 50) {
        ;[seen] = await db.asAdmin(sessions)
        const { all, busy } = seen as { all: number; busy: number }
        if (all <= POOL && busy === 0) return
        await wait(50)
      }
      expect(seen).toStrictEqual({ all: POOL, busy: 0 })
    },
  )

  test('what failed has left no row', async () => {
    const rows = await db.asAdmin('select count(*)::int as n from app.at_commit')
    expect(rows).toStrictEqual([{ n: 2 }])
  })
})

describe('around one transaction', () => {
  const scope = (): TenantScope => ({ tenantId: tenants[0], subject: 'x' })

  test('its handle is dead afterwards', async () => {
    let kept: Reader | undefined
    await database.readAs(scope(), async tx => void (kept = tx))
    await expect(kept?.all(marks)).rejects.toMatchObject({
      code: 'internal',
      message: 'a statement after its transaction ended',
    })
  })

  test('its handle is dead once the caller has gone, though its code still runs', async () => {
    const controller = new AbortController()
    const later = Promise.withResolvers<unknown>()
    const running = database.writeAs({ ...scope(), signal: controller.signal }, async tx => {
      controller.abort()
      await wait(20)
      later.resolve((await refusalOf(tx.run(mark(tenants[0]))))?.message)
    })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(await later.promise).toBe('a statement after its transaction ended')
  })

  test('work left behind by its code is no longer inside of it', async () => {
    let behind: Promise<unknown> = Promise.resolve()
    await database.readAs(scope(), async () => {
      behind = wait(10).then(() => database.readAs(scope(), tx => tx.all(marks)))
    })
    expect(await behind).toHaveLength(1)
  })

  test('a call without a seal (system) within it is refused too', async () => {
    const nested = database.readAs(scope(), () => database.system('check_startup', tx => tx.all(marks)))
    await expect(nested).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('bypasses the open transaction') as string,
    })
  })

  test.runIf(onServer)(
    'a connection killed in the middle of it is a fault, and the next one works',
    async () => {
      const killed = database.readAs(scope(), async tx => {
        const self = await tx.first(sql<{ pid: number }>`select pg_backend_pid() as pid`)
        await db.asAdmin('select pg_terminate_backend($1)', [self?.pid])
        await wait(20)
        await tx.all(marks)
      })
      await expect(killed).rejects.toMatchObject({ code: 'unavailable' })
      const after = Array.from({ length: POOL * 2 }, () => database.readAs(scope(), tx => tx.all(marks)))
      expect((await Promise.all(after)).every(rows => rows.length === 1)).toBe(true)
    },
  )

  test.runIf(onServer)(
    'idle connections killed between transactions cost no caller an answer twice',
    async () => {
      await Promise.all(
        Array.from({ length: POOL }, () =>
          database.readAs(scope(), tx => tx.all(sql`select pg_sleep(0.02)`)),
        ),
      )
      await db.asAdmin(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'hygiene' and datname = current_database()`,
      )
      await wait(50)
      const after = await Promise.all(
        Array.from({ length: POOL * 2 }, () => database.readAs(scope(), tx => tx.all(marks))),
      )
      expect(after.every(rows => rows.length === 1)).toBe(true)
    },
  )
})
