// Paying through a call: what is reserved, what is charged, what is given back, and what a refusal says. The books are read
// past all policies after every test.
import { Writable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Allowance, Spend } from '../../src/gate/money/spend.ts'
import type { Usage } from '../../src/gate/money/usage.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { faultsInBooks, ledgerOf, windowsOf } from '../harness/money-books.ts'
import {
  FREE_MODEL,
  payer,
  purchase,
  setBudget,
  type BudgetWords,
  type Purchase,
  type Who,
} from '../harness/money-ground.ts'
import { refusalOf } from '../harness/refusal.ts'

let db: TestDatabase
let tenant: string
let logged = ''
let limitsHold = true

const log = createLogger(
  'error',
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logged += chunk.toString('utf8')
      done()
    },
  }),
)

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  tenant = await db.createTenant()
  logged = ''
  limitsHold = true
})
afterEach(async () => {
  const wrong = await faultsInBooks(db.asAdmin, tenant, limitsHold)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
})

const budget = (words: BudgetWords): Promise<string> => setBudget(db.asAdmin, tenant, words)
const call = (who: Who = {}): Spend => payer(db.database, tenant, { log })(who)
const window = async (scope = 'tenant', member = '') =>
  (await windowsOf(db.asAdmin, tenant)).find(one => one.scope === scope && one.member === member)
const ledger = () => ledgerOf(db.asAdmin, tenant)

/** A provider that was asked and says what it used. */
const uses =
  (usage: Usage) =>
  async ({ sent, used }: Allowance): Promise<'answer'> => {
    await sent()
    used(usage)
    return 'answer'
  }
const buys = (words: Purchase = {}, usage: Usage = { input: words.input ?? 100 }, who: Who = {}) =>
  call(who)(purchase(words), uses(usage))
const outcomes = async (running: readonly Promise<unknown>[]): Promise<Record<string, number>> => {
  const settled = await Promise.all(
    running.map(async one => {
      const refusal = await refusalOf(one)
      return refusal === undefined ? 'admitted' : (refusal.reason ?? refusal.code)
    }),
  )
  return Object.fromEntries(
    [...new Set(settled)].map(name => [name, settled.filter(one => one === name).length]),
  )
}

describe('what is charged', () => {
  test('exactly what was used, to the nano; the rest of the hold is given back', async () => {
    await budget({ limit: 1_000n })
    const during = await call({ keyId: 'k1' })(
      purchase({ input: 100, output: { least: 1, most: 50 }, step: 'answer', label: 'matter 7' }),
      async allowance => {
        expect(allowance.maxOutput).toBe(50)
        await uses({ input: 60, cached_input: 20, output: 7, reasoning: 3 })(allowance)
        return window()
      },
    )
    expect(during).toMatchObject({ spent: 0n, held: 156n })
    expect(await window()).toMatchObject({ spent: 90n, held: 0n, ledger: 90n })
    expect(await ledger()).toStrictEqual([
      {
        kind: 'charge',
        cost: 90n,
        uncharged: 0n,
        basis: 'provider',
        usage: { input: 60, cached_input: 20, output: 7, reasoning: 3 },
        subject: 'ada',
        key_id: 'k1',
        model: 'test:priced',
        operation: 'buy',
        task: null,
        step: 'answer',
        label: 'matter 7',
        price_version: 'test:1',
      },
    ])
  })

  test('a call that fails before its request left costs nothing, one that fails after it costs all that was held', async () => {
    const broken = new Error('broken')
    await expect(call()(purchase(), () => Promise.reject(broken))).rejects.toBe(broken)
    expect(await window()).toMatchObject({ spent: 0n, held: 0n })
    const failing = async ({ sent }: Allowance): Promise<never> => {
      await sent()
      throw broken
    }
    await expect(call()(purchase(), failing)).rejects.toBe(broken)
    expect(await window()).toMatchObject({ spent: 106n, held: 0n })
    expect(await ledger()).toMatchObject([{ basis: 'hold', cost: 106n, usage: {} }])
  })

  test('BU06 a stream that breaks off is charged at what had arrived by then', async () => {
    const stream = async ({ sent, used }: Allowance): Promise<never> => {
      await sent()
      used({ input: 100 })
      used({ input: 100, output: 3 }, 'counted')
      throw new Error('the reader went away')
    }
    await expect(call()(purchase({ output: { least: 1, most: 50 } }), stream)).rejects.toThrow('went away')
    expect(await ledger()).toMatchObject([{ basis: 'counted', cost: 103n, usage: { input: 100, output: 3 } }])
  })

  test('a provider that did nothing is paid nothing, although it was asked', async () => {
    await buys({}, {})
    await buys({}, { input: 0, output: 0 })
    expect(await window()).toMatchObject({ spent: 0n, held: 0n })
    expect(await ledger()).toStrictEqual([])
  })

  test.each([
    ['negative', { input: -5 }],
    ['not a number', { input: Number.NaN }],
    ['infinite', { output: Number.POSITIVE_INFINITY }],
    ['a fraction', { input: 1.5 }],
    ['beyond 2^53', { input: 2 ** 53 }],
    ['a string', { input: '5' }],
    ['missing', { input: undefined }],
    ['of a kind that has no price', { images: 3 }],
    ['more than money can count', { input: Number.MAX_SAFE_INTEGER }],
  ])('BU02 usage that is %s is charged as all that was held, and alarms', async (_what, usage) => {
    await budget({ limit: 10_000_000_000_000n })
    const dear = 'input' in usage && usage.input === Number.MAX_SAFE_INTEGER
    await buys(dear ? { model: 'test:dear', input: 1 } : {}, usage as Usage)
    expect(await ledger()).toMatchObject([{ basis: 'hold', usage: {}, cost: dear ? 9_000_000_006n : 106n }])
    expect(logged).toContain('"alarm":"money"')
    expect(await refusalOf(buys({ step: 'next' }))).toBeUndefined()
  })

  test('litellm#33298 no report lowers what was spent', async () => {
    await buys()
    const before = await window()
    for (const usage of [{ input: -100 }, { input: 50, output: -100 }]) await buys({}, usage)
    expect((await window())?.spent).toBe((before?.spent ?? 0n) + 212n)
  })

  test('what a provider did beyond what it was allowed is on record, alarms, and is not charged', async () => {
    await budget({ limit: 110n })
    await buys({}, { input: 500 })
    expect(await ledger()).toMatchObject([{ cost: 106n, uncharged: 394n, usage: { input: 500 } }])
    expect(logged).toContain('"uncharged_nano":"394"')
  })

  test('litellm#29145 cached tokens cost what they cost: each component by itself, none counted twice', async () => {
    await buys({ input: 100_000 }, { input: 20_000, cached_input: 80_000 })
    expect(await ledger()).toMatchObject([{ cost: 100_000n }])
  })
})

describe('what is reserved', () => {
  test('litellm PR#27509 without a limit of its own, output is what the tightest budget still buys, so nothing exceeds its hold', async () => {
    await budget({ limit: 1_000_000n })
    await budget({ scope: 'user', limit: 200n })
    const words = purchase({ output: { least: 10, most: 100_000 } })
    const maxOutput = await call()(words, async allowance => {
      expect(await window()).toMatchObject({ held: 200n })
      await uses({ input: 100, output: allowance.maxOutput })(allowance)
      return allowance.maxOutput
    })
    expect(maxOutput).toBe(94)
    expect(await window()).toMatchObject({ spent: 194n, held: 0n })
  })

  test('litellm PR#38647 holds that were given back pin nothing: all the calls that fit one after the other are made', async () => {
    await budget({ limit: 1_000n })
    const words = { output: { least: 1, most: 500 } }
    for (let made = 0; made < 8; made++) await buys(words, { input: 100, output: 10 })
    expect(await window()).toMatchObject({ spent: 880n, held: 0n })
    expect((await refusalOf(buys(words)))?.reason).toBeUndefined()
    expect((await refusalOf(buys(words)))?.reason).toBe('budget_exceeded')
  })

  test('a price that does not cover what comes out, or no price at all, refuses the call before anything is reserved', async () => {
    const words = { output: { least: 1, most: 5 } }
    for (const model of ['test:no-output', 'test:unknown', 'test:priced ', '*'])
      expect((await refusalOf(buys({ ...words, model })))?.reason).toBe('price_unknown')
    expect(await windowsOf(db.asAdmin, tenant)).toStrictEqual([])
  })
})

describe('a refusal', () => {
  test('names the budget, how far it is used, when it is free again, and the next tier', async () => {
    await db.asAdmin(`update app.tenant set tier = 'free' where id = $1`, [tenant])
    const half = { input: 250_000_000 }
    await buys(half)
    const pending = Promise.withResolvers<undefined>()
    const held = call()(purchase({ input: 100_000_000 }), () => pending.promise)
    await expect.poll(async () => (await window())?.held).toBe(100_000_006n)
    const refusal = await refusalOf(buys(half))
    pending.resolve(undefined)
    await held
    const now = new Date()
    const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)).toISOString()
    expect(refusal).toMatchObject({ code: 'budget_exceeded', reason: 'budget_exceeded' })
    expect(refusal?.facts).toStrictEqual({
      scope: 'tenant',
      member: null,
      period: 'month',
      limit_nano: '500000000',
      spent_nano: '250000000',
      held_nano: '100000006',
      needed_nano: '250000006',
      resets_at: next,
      action: 'block',
      degrade_to: null,
      next_tier: 'pro',
    })
    expect(refusal?.say).toBe(
      'The tenant’s monthly budget leaves no room for this call, which needs $0.250000006: $0.25 of $0.50 is spent and' +
        ` $0.100000006 is held by calls under way. It is free again at ${next}. The next tier is Pro ($25.00 a month);` +
        ' the operator can change it.',
    )
  })

  test('BU04 litellm PR#37736 a limit of 0 blocks whatever costs, no limit is no limit, and what is free passes both', async () => {
    await budget({ limit: 0n })
    expect(await refusalOf(buys())).toMatchObject({ code: 'budget_exceeded', reason: 'budget_blocked' })
    expect(await refusalOf(buys({ input: 1 }))).toMatchObject({ reason: 'budget_blocked' })
    // Nothing goes in and nothing has to come out, but what may come out costs.
    const open = { input: 0, output: { least: 0, most: 50 } }
    expect(await refusalOf(buys(open, { output: 50 }))).toMatchObject({ reason: 'budget_blocked' })
    expect(await buys({ model: FREE_MODEL, output: { least: 1, most: 50 } })).toBe('answer')
    await budget({ limit: null })
    expect(await buys({ input: 1_000_000_000 })).toBe('answer')
    expect(await window()).toMatchObject({ spent: 1_000_000_000n, allowed: null })
  })

  test('litellm#29912 litellm#14004 litellm#38515 free models pass when all money is gone, also for many at once', async () => {
    await budget({ limit: 106n })
    await buys({}, { input: 100, output: 6 })
    expect((await window())?.spent).toBe(106n)
    const free = Array.from({ length: 20 }, () => buys({ model: FREE_MODEL }))
    expect(await outcomes([...free, buys()])).toStrictEqual({ admitted: 20, budget_exceeded: 1 })
  })

  test('BU11 litellm#30776 a limit that was changed, and room that was granted, count at the very next call', async () => {
    const id = await budget({ limit: 106n })
    await buys()
    expect((await refusalOf(buys()))?.reason).toBe('budget_exceeded')
    await budget({ limit: 206n })
    await buys()
    expect((await refusalOf(buys()))?.reason).toBe('budget_exceeded')
    const scope = { tenantId: tenant, subject: 'operator:test', rights: ['grants'] as const }
    await db.database.writeAs(scope, tx =>
      tx.run(sql`select app.grant_budget(${id}, ${''}, ${106n}::bigint)`),
    )
    await buys()
    expect(await window()).toMatchObject({ spent: 300n, granted: 106n, allowed: 312n })
    limitsHold = false
    await budget({ limit: 50n })
    expect(await refusalOf(buys())).toMatchObject({ facts: { limit_nano: '156', spent_nano: '300' } })
  })

  test('what a limit and a grant add up to may be more than a number holds', async () => {
    await budget({ limit: 9_223_372_036_854_775_807n })
    await buys()
    await db.asAdmin(`update app.budget_window set granted_nano = 9223372036854775807 where tenant_id = $1`, [
      tenant,
    ])
    expect(await buys({ step: 'again' })).toBe('answer')
    // The tests' own sum would not hold it either.
    await db.asAdmin(`update app.budget_window set granted_nano = 0 where tenant_id = $1`, [tenant])
  })
})

describe('scopes', () => {
  test('each of * has a budget of its own; a call without a key is in no key’s', async () => {
    await budget({ scope: 'user', limit: 150n })
    await budget({ scope: 'key', limit: 250n })
    await buys()
    expect((await refusalOf(buys()))?.facts).toMatchObject({ scope: 'user', member: 'ada' })
    await buys({}, { input: 100 }, { subject: 'bob', keyId: 'k1' })
    await buys({}, { input: 100 }, { subject: 'eve', keyId: 'k1' })
    const third = refusalOf(buys({}, { input: 100 }, { subject: 'kim', keyId: 'k1' }))
    expect((await third)?.facts).toMatchObject({ scope: 'key', member: 'k1', limit_nano: '250' })
    await buys({}, { input: 100 }, { subject: 'kim', keyId: 'k2' })
    const spent = (await windowsOf(db.asAdmin, tenant)).map(one => [one.scope, one.member, one.spent])
    expect(spent).toStrictEqual([
      ['key', 'k1', 200n],
      ['key', 'k2', 100n],
      ['tenant', '', 400n],
      ...['ada', 'bob', 'eve', 'kim'].map(name => ['user', name, 100n]),
    ])
  })

  test('a budget by name is that one’s alone; of several the one that leaves the least room is told', async () => {
    await budget({ scope: 'model', member: 'test:other', limit: 110n })
    await budget({ scope: 'user', member: 'bob', limit: 107n, period: 'day' })
    await budget({ scope: 'task', limit: 1n })
    for (const subject of ['ada', 'bob']) await buys({}, { input: 100 }, { subject })
    await buys({ model: 'test:other' })
    const bob = await refusalOf(buys({ model: 'test:other' }, {}, { subject: 'bob' }))
    expect(bob?.facts).toMatchObject({ scope: 'user', member: 'bob', period: 'day', spent_nano: '100' })
    expect((await refusalOf(buys({ model: 'test:other' })))?.facts).toMatchObject({ scope: 'model' })
  })

  test('BU10 many users do not multiply what the tenant may spend', async () => {
    await budget({ limit: 530n })
    await budget({ scope: 'user', limit: 530n })
    const users = Array.from({ length: 12 }, (_, index) => buys({}, undefined, { subject: `u${index}` }))
    const answers = await outcomes(users)
    expect(answers['admitted']).toBeGreaterThan(0)
    expect((await window())?.spent).toBe(100n * BigInt(answers['admitted'] ?? 0))
    for (let user = 12; user < 30; user++) await refusalOf(buys({}, undefined, { subject: `u${user}` }))
    expect(await window()).toMatchObject({ spent: 500n, held: 0n })
  })

  test('alert never refuses; degrade says what to use instead, and a budget that blocks is told before it', async () => {
    await budget({ scope: 'user', limit: 10n, action: 'alert' })
    await budget({ scope: 'model', limit: 150n, action: 'degrade', degradeTo: FREE_MODEL })
    await buys()
    expect((await refusalOf(buys()))?.facts).toMatchObject({
      scope: 'model',
      action: 'degrade',
      degrade_to: FREE_MODEL,
    })
    await budget({ limit: 190n })
    expect((await refusalOf(buys()))?.facts).toMatchObject({ scope: 'tenant', action: 'block' })
    const alerts = await db.asAdmin(
      `select b.scope, a.threshold from app.budget_alert a join app.budget b on b.id = a.budget_id
       where a.tenant_id = $1 order by 1, 2`,
      [tenant],
    )
    expect(alerts.map(({ scope, threshold }) => `${String(scope)} ${String(threshold)}`)).toStrictEqual([
      'model 50',
      'model 100',
      'tenant 50',
      'tenant 100',
      ...[50, 80, 95, 100].map(threshold => `user ${threshold}`),
    ])
  })
})

describe('once', () => {
  test('a step is paid for once: while it is under way and after it was charged it is refused', async () => {
    const spend = call()
    const pending = Promise.withResolvers<undefined>()
    const first = spend(purchase(), async allowance => {
      await pending.promise
      return uses({ input: 100 })(allowance)
    })
    await expect.poll(async () => (await window())?.held).toBe(106n)
    const fn = () => Promise.reject(new Error('the provider was asked again'))
    expect((await refusalOf(spend(purchase(), fn)))?.reason).toBe('step_under_way')
    pending.resolve(undefined)
    await first
    expect((await refusalOf(spend(purchase(), fn)))?.reason).toBe('step_charged')
    await spend(purchase({ step: 'another' }), uses({ input: 100 }))
    expect(await window()).toMatchObject({ spent: 200n, held: 0n })
  })

  test('BU07 litellm#38851 a request id that was used before pays for nothing: each call has an id of its own', async () => {
    for (let again = 0; again < 3; again++) await buys({}, { input: 100 }, { requestId: 'same' })
    expect(await window()).toMatchObject({ spent: 300n })
    expect(await ledger()).toHaveLength(3)
  })

  test('of many that begin the same step at once one is admitted', async () => {
    const spend = call()
    const same = Array.from({ length: 10 }, () => spend(purchase(), uses({ input: 100 })))
    const answers = await outcomes(same)
    expect(answers['admitted']).toBe(1)
    expect(await window()).toMatchObject({ spent: 100n })
  })
})
