// Many callers of several processes at one budget, on the real server: what fits is admitted, nobody waits crosswise, and
// whatever happens between the reservation and the end of a call, it is paid for once, in the window it was reserved in.
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { markSent, reserve, settle, type HoldRequest } from '../../src/gate/money/holds.ts'
import type { Allowance } from '../../src/gate/money/spend.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { serverEngine } from '../harness/engines.ts'
import { faultsInBooks, ledgerOf, windowsOf } from '../harness/money-books.ts'
import { MODEL, payer, purchase, setBudget } from '../harness/money-ground.ts'
import { refusalOf } from '../harness/refusal.ts'

describe.runIf(inject('engine') === 'postgres')('money on a server', () => {
  let db: TestDatabase
  let processes: Database[]

  beforeAll(async () => {
    db = await openTestDatabase()
    const { adminUrl } = inject('template')
    const name = new URL(db.urls?.app ?? '').pathname.slice(1)
    processes = Array.from({ length: 3 }, () =>
      sealedDatabase({
        engine: serverEngine(adminUrl ?? '', name, 'gatehouse_app', 6),
        sealKey: () => db.sealKey,
      }),
    )
  })
  afterAll(async () => {
    await Promise.all(processes.map(database => database.close()))
    await db.close()
  })

  const sweep = (tenant: string) =>
    db.owner.maintain(tenant, tx => tx.first(sql<{ ended: number }>`select app.end_expired_holds() as ended`))
  const pay = async ({ sent, used }: Allowance): Promise<void> => {
    await sent()
    used({ input: 100 })
  }
  /** Call number n, in one process after the other. */
  const callers = (tenant: string) => {
    const payers = processes.map(database => payer(database, tenant))
    return (n: number) => payers[n % payers.length] ?? payer(db.database, tenant)
  }
  const windowOf = async (tenant: string) =>
    (await windowsOf(db.asAdmin, tenant)).find(
      ({ scope, period }) => scope === 'tenant' && period === 'month',
    )
  const admitted = async (running: readonly Promise<unknown>[]): Promise<number> => {
    const refusals = await Promise.all(running.map(refusalOf))
    const others = refusals.filter(refusal => refusal !== undefined && refusal.code !== 'budget_exceeded')
    expect(others).toStrictEqual([])
    return refusals.filter(refusal => refusal === undefined).length
  }

  test('BU01 litellm#34732 of 100 calls at once in three processes exactly the ten that fit are made, and the limit is kept to the nano', async () => {
    const tenant = await db.createTenant()
    await setBudget(db.asAdmin, tenant, { limit: 1_060n })
    const call = callers(tenant)
    const asked: number[] = []
    const running = Array.from({ length: 100 }, (_, n) =>
      call(n)({ subject: `u${n % 7}` })(purchase(), async allowance => {
        asked.push(n)
        await pay(allowance)
      }),
    )
    expect(await admitted(running)).toBe(10)
    expect(asked).toHaveLength(10)
    expect(await windowOf(tenant)).toMatchObject({ spent: 1_000n, held: 0n, ledger: 1_000n })
    expect(await faultsInBooks(db.asAdmin, tenant)).toStrictEqual([])
  })

  test('open-saas#727 of two calls at once on one credit one is made, and nothing goes below nothing', async () => {
    const tenant = await db.createTenant()
    await setBudget(db.asAdmin, tenant, { limit: 106n })
    const call = callers(tenant)
    expect(await admitted([0, 1].map(n => call(n)()(purchase(), pay)))).toBe(1)
    expect(await windowOf(tenant)).toMatchObject({ spent: 100n, held: 0n })
  })

  test('litellm#40095 the first calls of a user, key and model that nobody has seen count in full, however many begin at once', async () => {
    const tenant = await db.createTenant()
    for (const scope of ['user', 'key', 'model'] as const)
      await setBudget(db.asAdmin, tenant, { scope, limit: 320n, period: 'day' })
    const call = callers(tenant)
    const first = Array.from({ length: 30 }, (_, n) =>
      call(n)({ subject: 'new', keyId: 'new' })(purchase(), pay),
    )
    expect(await admitted(first)).toBe(3)
    expect(await faultsInBooks(db.asAdmin, tenant)).toStrictEqual([])
  })

  test('forty calls at once over budgets that overlap, while the sweeper runs: nobody waits crosswise, and the books are right', async () => {
    const tenant = await db.createTenant()
    await setBudget(db.asAdmin, tenant, { limit: 2_400n })
    for (const scope of ['user', 'key', 'model'] as const)
      for (const period of ['day', 'week', 'lifetime'] as const)
        await setBudget(db.asAdmin, tenant, { scope, period, limit: 1_500n })
    // Left behind by a process that is gone, each in other windows.
    for (let n = 0; n < 30; n++) {
      const left = await reserve(
        db.database,
        requestOf(tenant, { subject: `u${n % 4}`, keyId: `k${n % 3}`, lifetimeMs: 0, nano: 5n }),
      )
      expect(left.outcome).toBe('held')
    }
    const call = callers(tenant)
    const models = [MODEL, 'test:other']
    const running = Array.from({ length: 40 }, (_, n) =>
      call(n)({ subject: `u${n % 4}`, keyId: `k${(n * 7) % 3}` })(
        purchase({ model: models[n % 2] ?? MODEL }),
        pay,
      ),
    )
    const sweeps = Promise.all([sweep(tenant), wait(20).then(() => sweep(tenant))])
    expect(await admitted(running)).toBeGreaterThan(10)
    await sweeps
    expect(await faultsInBooks(db.asAdmin, tenant)).toStrictEqual([])
    for (const window of await windowsOf(db.asAdmin, tenant)) expect(window.held).toBe(0n)
  })

  test('a request that leaves while the sweeper looks at its hold is charged, never released', async () => {
    const tenant = await db.createTenant()
    const request = requestOf(tenant, { lifetimeMs: 700, nano: 50n })
    const made = await reserve(db.database, request)
    if (made.outcome !== 'held') throw new Error('there is room')
    const scope = { tenantId: tenant, subject: 'ada' }
    const overdue = Promise.withResolvers<undefined>()
    const swept = overdue.promise.then(() => sweep(tenant))
    await processes[0]?.writeAs(scope, async tx => {
      const { id, proof } = made.hold
      const marked = await tx.first(sql<{ sent: boolean }>`select app.mark_sent(${id}, ${proof}) as sent`)
      expect(marked?.sent).toBe(true)
      await wait(800)
      // It has read the hold as not sent and waits for this transaction.
      overdue.resolve(undefined)
      await wait(200)
    })
    expect(await swept).toStrictEqual({ ended: 1 })
    expect(await ledgerOf(db.asAdmin, tenant)).toMatchObject([{ cost: 50n, basis: 'hold' }])
    expect(await faultsInBooks(db.asAdmin, tenant)).toStrictEqual([])
  })

  test('BU08 a hold whose time is over is charged if it was sent and released if not; the call that comes back changes nothing', async () => {
    const tenant = await db.createTenant()
    const short = payer(db.database, tenant, { lifetimeMs: 300 })()
    const late = short(purchase({ step: 'sent' }), async ({ sent, used }) => {
      await sent()
      await wait(400)
      await sweep(tenant)
      used({ input: 3 })
    })
    await late
    const tooLate = short(purchase({ step: 'not sent' }), async ({ sent }) => {
      await wait(400)
      await sent()
    })
    expect((await refusalOf(tooLate))?.code).toBe('timeout')
    expect(await windowOf(tenant)).toMatchObject({ spent: 106n, held: 0n })
    expect(await ledgerOf(db.asAdmin, tenant)).toMatchObject([{ step: 'sent', cost: 106n, basis: 'hold' }])
  })

  test('a user who is disabled during a call pays what it used; a tenant that is suspended, what was held, by the sweeper', async () => {
    const tenant = await db.createTenant()
    const gone = async () => {
      await db.asAdmin(
        `insert into app.user_standing (tenant_of, user_id, role, is_disabled) values ($1, 'ada', 'member', true)
         on conflict (tenant_of, user_id) do update set is_disabled = true`,
        [tenant],
      )
    }
    const call = payer(db.database, tenant, { lifetimeMs: 2_000 })
    await call()(purchase(), async allowance => {
      await pay(allowance)
      await gone()
    })
    expect((await refusalOf(call()(purchase(), pay)))?.reason).toBe('user_disabled')
    expect(await windowOf(tenant)).toMatchObject({ spent: 100n, held: 0n })
    await call({ subject: 'bob' })(purchase(), async allowance => {
      await pay(allowance)
      await db.asAdmin(`update app.tenant set status = 'suspended' where id = $1`, [tenant])
    })
    expect(await windowOf(tenant)).toMatchObject({ spent: 100n, held: 106n })
    await expect.poll(() => sweep(tenant), { timeout: 5_000 }).toStrictEqual({ ended: 1 })
    expect(await windowOf(tenant)).toMatchObject({ spent: 206n, held: 0n })
  })

  test('two corrections at once take back no more than was charged, also where the budget is gone', async () => {
    const tenant = await db.createTenant()
    const made = await reserve(db.database, requestOf(tenant, { nano: 100n }))
    if (made.outcome !== 'held') throw new Error('there is room')
    const { payer: who } = requestOf(tenant, {})
    await markSent(db.database, who, made.hold)
    await settle(db.database, who, made.hold, { usage: { input: 100 }, nano: 100n, basis: 'provider' })
    await db.asAdmin('delete from app.budget where tenant_id = $1', [tenant])
    const [charge] = await db.asAdmin('select id from app.ledger where tenant_id = $1', [tenant])
    const operator = { tenantId: tenant, subject: 'operator:test', rights: ['grants'] as const }
    const back = processes.map(database =>
      refusalOf(
        database.writeAs(operator, tx =>
          tx.first(
            sql`select app.correct_charge(${randomUUID()}::uuid, ${charge?.['id']}::uuid, ${-60n}::bigint, ${'twice'})`,
          ),
        ),
      ),
    )
    expect((await Promise.all(back)).filter(refusal => refusal === undefined)).toHaveLength(1)
    const rows = await ledgerOf(db.asAdmin, tenant)
    expect(rows.map(({ cost }) => cost)).toStrictEqual([100n, -60n])
  })
})

function requestOf(
  tenantId: string,
  {
    subject = 'ada',
    keyId,
    lifetimeMs = 60_000,
    nano = 50n,
  }: { subject?: string; keyId?: string; lifetimeMs?: number; nano?: bigint },
): HoldRequest {
  return {
    payer: { tenantId, subject, keyId, operation: 'buy' },
    stepKey: randomUUID(),
    step: 'step',
    model: MODEL,
    perMillion: { input: 1_000_000n },
    priceVersion: 'test:1',
    atLeast: nano,
    atMost: nano,
    lifetimeMs,
  }
}
