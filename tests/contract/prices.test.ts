// Prices in the database: which one holds, for whom, from when on, and who may say so.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { operations } from '../../src/features/usage/prices/operations.ts'
import { priceBook } from '../../src/gate/money/prices/price-book.ts'
import { spendAs } from '../../src/gate/money/spend.ts'
import { asFault } from '../../src/platform/faults.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { operatorOf } from '../harness/deployment-caller.ts'
import { refusalOf, stateOf } from '../harness/refusal.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

const GRANTING = ['budgets:grant', 'costs:read']
const PUBLISHERS = new Set(['openai', 'anthropic'] as const)

describe.runIf(inject('engine') === 'postgres')('prices', () => {
  let db: TestDatabase
  let acme: string
  let globex: string
  /** The process that changes prices, and another one whose second passes when a test says so. */
  let here: ReturnType<typeof priceBook>
  let there: ReturnType<typeof priceBook>
  let now = 0
  let operate: Ask
  let inAcme: Ask

  beforeAll(async () => {
    db = await openTestDatabase()
    acme = await db.createTenant()
    globex = await db.createTenant()
    here = priceBook({ database: db.database, publishers: PUBLISHERS, clock: () => 0 })
    there = priceBook({ database: db.database, publishers: PUBLISHERS, clock: () => now })
    operate = operatorOf(db.database, operations({ book: here }))
    inAcme = callerOf(db.database, operations({ book: here }), acme, GRANTING)
  })
  afterAll(() => db.close())

  const input = (nano: number) => ({ input: String(nano) })
  const inputOf = async (book: typeof here, tenant: string, model: string) =>
    book.priceOf(tenant, model).then(
      price => Number(price.perMillion.input),
      (error: unknown) => asFault(error).reason,
    )
  const set = (ask: Ask, name: string, model: string, nano: number) =>
    ask(name, { model, per_million_nano: input(nano) })

  describe('which price holds', () => {
    test('the tenant’s own before the operator’s, for that tenant alone; withdrawn, the next source again', async () => {
      const model = 'openai:gpt-4o'
      expect(await inputOf(here, acme, model)).toBe(2_500_000_000)
      await set(operate, 'set_price', model, 5)
      await set(inAcme, 'set_tenant_price', model, 3)
      expect([await inputOf(here, acme, model), await inputOf(here, globex, model)]).toEqual([3, 5])
      expect(await inAcme('get_tenant_price', { model })).toMatchObject({ price: { source: 'tenant' } })
      expect(await inAcme('withdraw_tenant_price', { model })).toMatchObject({
        price: { source: 'operator' },
      })
      expect(await inputOf(here, acme, model)).toBe(5)
      expect(await operate('withdraw_price', { model })).toMatchObject({ price: { source: 'genai-prices' } })
      expect(await inputOf(here, globex, model)).toBe(2_500_000_000)
      expect(await refusalOf(operate('withdraw_price', { model }))).toMatchObject({ reason: 'price_not_set' })
    })

    test('the newest word, and the full name before the bare one: also after the full one was withdrawn', async () => {
      await set(operate, 'set_price', 'house', 1)
      await set(operate, 'set_price', 'house', 2)
      await set(operate, 'set_price', 'openai:house', 9)
      expect(await inputOf(here, acme, 'openai:house')).toBe(9)
      expect(await inputOf(here, acme, 'anthropic:house')).toBe(2)
      await operate('withdraw_price', { model: 'openai:house' })
      expect(await inputOf(here, acme, 'openai:house')).toBe(2)
    })

    test('a seeded one where nobody else knows the model, and it costs the same per thousand as the list it is from', async () => {
      const found = await operate('get_price', { model: 'ollama:llama3.2' })
      expect(found).toMatchObject({
        price: { source: 'seed', per_million_usd: { input: '0.1', output: '0.1', cached_input: '0.1' } },
      })
    })

    test('BU03 a model of which nobody has said anything is refused, and stays so until somebody does', async () => {
      const model = 'openai:gpt-999'
      expect(await inputOf(here, acme, model)).toBe('price_unknown')
      expect(await refusalOf(operate('get_price', { model }))).toMatchObject({
        code: 'unsupported',
        reason: 'price_unknown',
      })
      await set(operate, 'set_price', 'openai:gpt-9999', 1)
      expect(await inputOf(here, acme, model)).toBe('price_unknown')
      await set(operate, 'set_price', model, 4)
      expect(await inputOf(here, acme, model)).toBe(4)
    })

    test('all that is set is listed with where it is from, in a tenant with its own and nobody else’s', async () => {
      await set(inAcme, 'set_tenant_price', 'openai:listed', 3)
      const listed = async (ask: Ask, name: string) =>
        (await ask<{ prices: { model: string; source: string }[] }>(name, {})).prices.map(
          ({ model, source }) => `${source} ${model}`,
        )
      const inGlobex = callerOf(db.database, operations({ book: here }), globex, GRANTING)
      expect(await listed(inAcme, 'list_tenant_prices')).toContain('tenant openai:listed')
      expect(await listed(inGlobex, 'list_tenant_prices')).not.toContain('tenant openai:listed')
      expect(await listed(operate, 'list_prices')).toEqual(
        expect.arrayContaining(['operator house', 'seed gpt-4', 'seed llama3.2']),
      )
      expect(await listed(operate, 'list_prices')).not.toContain('operator openai:house')
    })
  })

  describe('BU11 a changed price', () => {
    const model = 'openai:changing'

    test('holds from the next call on: at once here, within a second in another process', async () => {
      await set(operate, 'set_price', model, 10)
      now = 0
      expect([await inputOf(here, acme, model), await inputOf(there, acme, model)]).toEqual([10, 10])
      await set(operate, 'set_price', model, 20)
      expect(await inputOf(here, acme, model)).toBe(20)
      now = 1_000
      expect(await inputOf(there, acme, model)).toBe(20)
    })

    test('charges a call that was admitted before it at the price it was admitted at', async () => {
      const spend = spendAs({ database: db.database, priceOf: here.priceOf, log: createLogger('silent') })({
        tenantId: acme,
        subject: 'ada',
        operation: 'ask',
        callId: uuidv7(),
      })
      const call = (step: string, meanwhile: () => Promise<unknown> = async () => undefined) =>
        spend({ step, model, most: { input: 2_000_000 } }, async allowance => {
          await allowance.sent()
          await meanwhile()
          allowance.used({ input: 1_000_000 })
        })
      await call('before', () => set(operate, 'set_price', model, 30))
      await call('after')
      const ledger = await db.database.readAs({ tenantId: acme, subject: 'ada' }, tx =>
        tx.all(sql`select step, cost_nano from app.ledger where model = ${model} order by sequence`),
      )
      expect(ledger).toEqual([
        { step: 'before', cost_nano: 20n },
        { step: 'after', cost_nano: 30n },
      ])
    })
  })

  describe('who may say what something costs', () => {
    test('of a tenant’s own price only who may grant; no other SQL under the tenant’s seal either', async () => {
      const admin = callerOf(db.database, operations({ book: here }), acme, ['costs:read', 'budgets:write'])
      expect(await refusalOf(set(admin, 'set_tenant_price', 'm', 0))).toMatchObject({ code: 'forbidden' })
      expect(await refusalOf(admin('withdraw_tenant_price', { model: 'm' }))).toMatchObject({
        code: 'forbidden',
      })
      const insert = (rights: readonly ('budgets' | 'grants')[], tenantId = acme) =>
        stateOf(
          db.database.writeAs({ tenantId: acme, subject: 'ada', rights }, tx =>
            tx.run(sql`insert into app.tenant_price (tenant_id, id, model, per_million, created_by)
            values (${tenantId}, ${uuidv7()}, 'm', '{"input": 0}', 'ada')`),
          ),
        )
      expect([await insert(['budgets']), await insert(['grants'], globex), await insert(['grants'])]).toEqual(
        ['42501', '42501', 'accepted'],
      )
      const ours = db.database.writeAs({ tenantId: acme, subject: 'ada', rights: ['grants'] }, tx =>
        tx.run(sql`insert into app.price (id, model, per_million, origin, created_by)
        values (${uuidv7()}, 'm', '{"input": 0}', 'operator', 'ada')`),
      )
      expect(await stateOf(ours)).toBe('42501')
    })

    test('every change is in the audit, with who made it and of what', async () => {
      await set(operate, 'set_price', 'openai:audited', 1)
      await set(inAcme, 'set_tenant_price', 'openai:audited', 1)
      const rows = await db.asAdmin(`
      select operation, object, subject from app.audit where object = 'price:openai:audited'
      union all select operation, object, subject from app.deployment_audit where object = 'price:openai:audited'
      order by operation`)
      expect(rows).toEqual([
        { operation: 'set_price', object: 'price:openai:audited', subject: 'operator:root' },
        { operation: 'set_tenant_price', object: 'price:openai:audited', subject: 'tester' },
      ])
    })

    test.each([
      ['a negative price', { model: 'm', per_million_nano: { input: '-1' } }],
      ['a fraction of a nano', { model: 'm', per_million_nano: { input: '0.5' } }],
      ['a number', { model: 'm', per_million_nano: { input: 5 } }],
      ['NaN', { model: 'm', per_million_nano: { input: 'NaN' } }],
      ['more than nine dollars a token', { model: 'm', per_million_nano: { input: '9000000000000001' } }],
      ['no component', { model: 'm', per_million_nano: {} }],
      ['an unknown component', { model: 'm', per_million_nano: { ouput: '1' } }],
      ['a wildcard', { model: 'gpt-*', per_million_nano: input(1) }],
      ['a trailing space', { model: 'gpt-4 ', per_million_nano: input(1) }],
    ])('BU02 %s is refused', async (_what, given) => {
      expect(await refusalOf(operate('set_price', given))).toMatchObject({ code: 'invalid_input' })
    })
  })
})
