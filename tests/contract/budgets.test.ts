// Budgets as people set them: what is refused, who may, and that the very next call is bound by what was said.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Budget } from '../../src/features/usage/budgets/budget-rows.ts'
import { deleteBudget } from '../../src/features/usage/budgets/delete-budget.ts'
import { followTier } from '../../src/features/usage/budgets/follow-tier.ts'
import { grantBudget } from '../../src/features/usage/budgets/grant-budget.ts'
import { listBudgets } from '../../src/features/usage/budgets/list-budgets.ts'
import { setBudget } from '../../src/features/usage/budgets/set-budget.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { payer, purchase, type Who } from '../harness/money-ground.ts'
import { refusalOf } from '../harness/refusal.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

const OPERATIONS = [listBudgets, setBudget, deleteBudget, grantBudget, followTier]
const ADMIN = ['costs:read', 'budgets:write']
const FREE = 500_000_000n

let db: TestDatabase
let tenantId: string
let operator: Ask
let admin: Ask
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  tenantId = await db.createTenant()
  await db.asAdmin(`update app.tenant set tier = 'free' where id = $1`, [tenantId])
  operator = callerOf(db.database, OPERATIONS, tenantId, {
    scopes: [...ADMIN, 'budgets:grant'],
    subject: 'operator',
  })
  admin = callerOf(db.database, OPERATIONS, tenantId, { scopes: ADMIN, subject: 'adele' })
})

const OWN = { scope: 'tenant', period: 'month' }
const show = async (): Promise<Budget[]> =>
  (await operator<{ budgets: Budget[] }>('list_budgets', {})).budgets
const own = async (): Promise<Budget> => (await show()).find(({ scope }) => scope === 'tenant')!
const changed = async (ask: Ask, operation: string, input: object): Promise<Budget> =>
  (await ask<{ budget: Budget }>(operation, input)).budget
const set = (input: object, ask = operator) => changed(ask, 'set_budget', input)
const spend = (units: number, who: Who = {}): Promise<unknown> =>
  payer(db.database, tenantId)(who)(purchase({ input: units }), async ({ sent, used }) => {
    await sent()
    used({ input: units })
  })
const wokenFor = async () =>
  (await db.asAdmin(`select data from pgboss.job where name = 'budget_raised'`)).filter(({ data }) =>
    JSON.stringify(data).includes(tenantId),
  ).length
const audited = async () =>
  (
    await db.asAdmin(
      `select operation || ' ' || object || ' by ' || subject as row from app.audit where tenant_id = $1 and outcome = 'ok'
       and operation <> 'list_budgets' order by sequence`,
      [tenantId],
    )
  ).map(({ row }) => row)

describe('what is shown', () => {
  test('the tier’s own limit, also before anything was spent, and how far it is used afterwards', async () => {
    expect(await show()).toMatchObject([
      { id: null, ...OWN, member: null, tier: 'free', limit_nano: String(FREE), spent_nano: '0', percent: 0 },
    ])
    await spend(125_000_000)
    expect(await show()).toMatchObject([
      {
        tier: 'free',
        limit_nano: String(FREE),
        spent_nano: '125000000',
        held_nano: '0',
        left_nano: '375000000',
        percent: 25,
        resets_at: expect.stringMatching(/-01T00:00:00.000Z$/) as unknown,
      },
    ])
  })

  test('of a budget for each member, each member by itself', async () => {
    await set({ scope: 'user', member: '*', period: 'day', limit_nano: '1000' })
    expect((await show())[1]).toMatchObject({ scope: 'user', member: '*', each: true, spent_nano: '0' })
    await spend(300, { subject: 'ada' })
    await spend(700, { subject: 'bob' })
    expect(
      (await show()).slice(1).map(({ member, each, spent_nano }) => [member, each, spent_nano]),
    ).toStrictEqual([
      ['bob', true, '700'],
      ['ada', true, '300'],
    ])
  })
})

const NO_TEXTS =
  '-1|-0|NaN|Infinity|1e9|0.5|1.0|| 1|01|9000000000000000001|9223372036854775808|99999999999999999999'
const NO_AMOUNTS: readonly unknown[] = [...NO_TEXTS.split('|'), 5, -5, 0.5, Number.NaN]

describe('BU02', () => {
  test('what is no amount is refused, and changes nothing', async () => {
    for (const amount of NO_AMOUNTS)
      for (const [operation, input] of [
        ['set_budget', { ...OWN, limit_nano: amount }],
        ['grant_budget', { ...OWN, amount_nano: amount }],
      ] as const)
        expect(await refusalOf(operator(operation, input)), `${operation} ${String(amount)}`).toMatchObject({
          code: 'invalid_input',
        })
    expect(await own()).toMatchObject({ limit_nano: String(FREE), granted_nano: '0', tier: 'free' })
  })

  test('nothing granted, or more than there can be, is refused; the most there can be is not', async () => {
    const grant = (amount_nano: string) => changed(operator, 'grant_budget', { ...OWN, amount_nano })
    expect(await refusalOf(grant('0'))).toMatchObject({ code: 'invalid_input' })
    const most = '9000000000000000000'
    expect(await grant(most)).toMatchObject({ granted_nano: most })
    expect(await refusalOf(grant('1'))).toMatchObject({ code: 'invalid_input' })
    await spend(1)
  })
})

describe('a budget', () => {
  test('BU04 of 0 blocks the next call; null lets everything pass; what is left out stays', async () => {
    expect(await set({ ...OWN, limit_nano: '0' })).toMatchObject({
      limit_nano: '0',
      tier: null,
      percent: 100,
      left_nano: '0',
    })
    expect(await refusalOf(spend(1))).toMatchObject({ code: 'budget_exceeded', reason: 'budget_blocked' })
    expect(await set({ ...OWN, action: 'alert' })).toMatchObject({ limit_nano: '0', action: 'alert' })
    await spend(1)
    expect(await set({ ...OWN, limit_nano: null, action: 'block' })).toMatchObject({
      limit_nano: null,
      left_nano: null,
      percent: null,
    })
    await spend(2_000_000_000)
    expect(await set({ ...OWN, thresholds: [90, 10] })).toMatchObject({
      limit_nano: null,
      thresholds: [10, 90],
    })
    expect(await own()).toMatchObject({ spent_nano: '2000000001' })
  })

  test('BU04 of 0 blocks also where room was granted before; what is granted afterwards counts', async () => {
    await changed(operator, 'grant_budget', { ...OWN, amount_nano: '1000' })
    expect(await set({ ...OWN, limit_nano: '0' })).toMatchObject({ granted_nano: '0', left_nano: '0' })
    expect(await refusalOf(spend(1))).toMatchObject({ reason: 'budget_blocked' })
    await changed(operator, 'grant_budget', { ...OWN, amount_nano: '1000' })
    await spend(1)
  })

  test('BU11 every change counts at the very next call, is on record, and wakes what waits for money', async () => {
    await spend(400_000_000)
    expect(await refusalOf(spend(200_000_000))).toMatchObject({ code: 'budget_exceeded' })
    expect(await wokenFor()).toBe(0)
    expect(await changed(operator, 'grant_budget', { ...OWN, amount_nano: '200000000' })).toMatchObject({
      granted_nano: '200000000',
      left_nano: '300000000',
      limit_nano: String(FREE),
    })
    expect(await wokenFor()).toBe(1)
    await spend(200_000_000)
    await set({ ...OWN, limit_nano: '600000006' })
    await spend(200_000_000)
    await set({ ...OWN, limit_nano: '1' })
    expect(await refusalOf(spend(1))).toMatchObject({ code: 'budget_exceeded' })
    expect(await changed(operator, 'follow_tier', {})).toMatchObject({
      tier: 'free',
      limit_nano: String(FREE),
      spent_nano: '800000000',
    })
    expect(await audited()).toStrictEqual([
      'grant_budget budget:tenant, month granted:200000000 by operator',
      'set_budget budget:tenant, month limit:600000006 action:block by operator',
      'set_budget budget:tenant, month limit:1 action:block by operator',
      'follow_tier budget:tenant, month limit:tier by operator',
    ])
  })

  test('BU10 many users and keys do not multiply what the tenant may spend', async () => {
    await set({ ...OWN, limit_nano: '1000' })
    await set({ scope: 'user', member: '*', period: 'month', limit_nano: '400' }, admin)
    await set({ scope: 'key', member: '*', period: 'month', limit_nano: '400' }, admin)
    const spenders = Array.from({ length: 8 }, (_, n) =>
      spend(300, n % 2 === 0 ? { subject: `user-${n}` } : { subject: `user-${n}`, keyId: `key-${n}` }),
    )
    const admitted = (await Promise.all(spenders.map(refusalOf))).filter(refusal => refusal === undefined)
    expect(admitted).toHaveLength(3)
    expect(await own()).toMatchObject({ spent_nano: '900', held_nano: '0' })
  })

  test('that degrades says to which model; no other action takes one', async () => {
    const user = { scope: 'user', member: 'ada', period: 'day' }
    const words = { ...user, limit_nano: '5', action: 'degrade', degrade_to: 'ollama:llama3.2' }
    expect(await set(words, admin)).toMatchObject({ action: 'degrade', degrade_to: 'ollama:llama3.2' })
    expect(await set({ ...user, limit_nano: '6' }, admin)).toMatchObject({ degrade_to: 'ollama:llama3.2' })
    expect(await set({ ...user, action: 'block' }, admin)).toMatchObject({ degrade_to: null })
    expect(await refusalOf(set({ ...user, degrade_to: 'gpt-4' }, admin))).toMatchObject({
      code: 'invalid_input',
    })
  })

  test('that was deleted binds nobody, and nothing of it is left; the tenant’s monthly one stays', async () => {
    const ada = { scope: 'user', member: 'ada', period: 'lifetime' }
    await set({ ...ada, limit_nano: '0' }, admin)
    expect(await refusalOf(spend(1))).toMatchObject({ code: 'budget_exceeded' })
    await admin('delete_budget', ada)
    await spend(1)
    expect(await refusalOf(admin('delete_budget', ada))).toMatchObject({ code: 'not_found' })
    expect(await refusalOf(operator('delete_budget', OWN))).toMatchObject({ reason: 'tier_budget' })
    expect(await own()).toMatchObject({ spent_nano: '1' })
  })

  test('that is not well said is refused by the name of what is wrong', async () => {
    for (const [input, field] of [
      [{ scope: 'user', period: 'day', limit_nano: '1' }, 'member'],
      [{ scope: 'tenant', member: 'ada', period: 'day', limit_nano: '1' }, 'member'],
      [{ scope: 'user', member: ' ada', period: 'day', limit_nano: '1' }, 'member'],
      [{ scope: 'user', member: 'a\nb', period: 'day', limit_nano: '1' }, 'member'],
      [{ scope: 'user', member: 'ada', period: 'day' }, 'limit_nano'],
      [{ scope: 'user', member: 'ada', period: 'year', limit_nano: '1' }, 'period'],
      [{ ...OWN, limit_nano: '1', thresholds: [0] }, 'thresholds'],
      [{ ...OWN, limit_nano: '1', thresholds: [50, 50] }, 'thresholds'],
    ] as const) {
      const refusal = await refusalOf(operator('set_budget', input))
      expect(refusal, JSON.stringify(input)).toMatchObject({ code: 'invalid_input' })
      expect(refusal?.issues.map(issue => issue.field.split('.')[0])).toContain(field)
    }
  })

  test('for each member is granted to one of them by name', async () => {
    const each = { scope: 'user', member: '*', period: 'month' }
    await set({ ...each, limit_nano: '10' }, admin)
    expect(await refusalOf(admin('grant_budget', { ...each, amount_nano: '5' }))).toMatchObject({
      code: 'invalid_input',
    })
    expect(await changed(admin, 'grant_budget', { ...each, of: 'ada', amount_nano: '5' })).toMatchObject({
      member: 'ada',
      granted_nano: '5',
      left_nano: '15',
    })
    await spend(9, { subject: 'ada' })
    expect(await refusalOf(spend(9, { subject: 'bob' }))).toMatchObject({ code: 'budget_exceeded' })
  })
})

describe('who may', () => {
  test('an admin of the tenant limits users and not the tenant, which the operator does', async () => {
    expect(await set({ scope: 'user', member: 'ada', period: 'day', limit_nano: '1' }, admin)).toMatchObject({
      changed_by: 'adele',
    })
    for (const [operation, input] of [
      ['set_budget', { ...OWN, limit_nano: '1' }],
      ['set_budget', { scope: 'tenant', period: 'day', limit_nano: '1' }],
      ['delete_budget', { scope: 'tenant', period: 'day' }],
      ['grant_budget', { ...OWN, amount_nano: '1' }],
      ['follow_tier', {}],
    ] as const)
      expect(await refusalOf(admin(operation, input)), operation).toMatchObject({
        code: 'forbidden',
        reason: 'insufficient_scope',
      })
    expect(await own()).toMatchObject({ tier: 'free', granted_nano: '0' })
  })

  test('a member sees no budget and sets none', async () => {
    const member = callerOf(db.database, OPERATIONS, tenantId)
    for (const [operation, input] of [
      ['list_budgets', {}],
      ['set_budget', { scope: 'user', member: 'ada', period: 'day', limit_nano: '1' }],
      ['grant_budget', { scope: 'user', member: 'ada', period: 'day', amount_nano: '1' }],
    ] as const)
      expect(await refusalOf(member(operation, input)), operation).toMatchObject({ code: 'forbidden' })
  })
})
