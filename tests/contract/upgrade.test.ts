// From the free tier to an upgrade, as a tenant goes through it: nothing is left, everything about it can still be seen, and
// a tenant moves up by itself where the operator lets it, and nowhere else.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { operations as tenants } from '../../src/features/tenants/operations.ts'
import { getOwnBudgets } from '../../src/features/usage/budgets/get-own-budgets.ts'
import { listBudgets } from '../../src/features/usage/budgets/list-budgets.ts'
import { setBudget } from '../../src/features/usage/budgets/set-budget.ts'
import { listAlerts } from '../../src/features/usage/alerts/list-alerts.ts'
import { listLedger } from '../../src/features/usage/ledger/list-ledger.ts'
import { getCostReport } from '../../src/features/usage/reports/get-cost-report.ts'
import { operations } from '../../src/features/usage/tiers/operations.ts'
import { ROLE_SCOPES } from '../../src/gate/roles.ts'
import { tiers } from '../../src/gate/money/tiers.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { operatorOf } from '../harness/deployment-caller.ts'
import { payer, purchase, ROUNDING } from '../harness/money-ground.ts'
import { refusalOf } from '../harness/refusal.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

describe.runIf(inject('engine') === 'postgres')('a tenant of the free tier', () => {
  let db: TestDatabase
  let acme: string
  let operate: Ask
  const as = (role: keyof typeof ROLE_SCOPES, subject: string = role, tenant = acme): Ask =>
    callerOf(db.database, CATALOG, tenant, { scopes: ROLE_SCOPES[role], subject })
  const here = tiers()
  const refreshTrust = async () => void (await db.database.system('load_keys', tx => here.load(tx, 0)))
  const CATALOG = [
    ...operations({ refreshTrust }),
    listBudgets,
    getOwnBudgets,
    setBudget,
    getCostReport,
    listLedger,
    listAlerts,
  ]
  /** The hold has some nano for rounding: all of it is used. */
  const spend = (nano: number, tenant = acme) =>
    payer(db.database, tenant)()(
      purchase({ input: Math.max(1, nano - Number(ROUNDING)) }),
      async ({ sent, used }) => {
        await sent()
        used({ input: nano })
      },
    )
  const tierOf = async (tenant = acme) =>
    (await db.asAdmin(`select tier from app.tenant where id = $1`, [tenant]))[0]?.['tier']

  beforeAll(async () => {
    db = await openTestDatabase()
    acme = await db.createTenant('acme')
    operate = operatorOf(db.database, [...CATALOG, ...tenants({ refreshTrust, owner: undefined })])
    await operate('update_tenant', { tenant: 'acme', tier: 'free' })
    await operate('set_tier', { tier: 'pro', price_nano: '25000000000' })
  })
  afterAll(() => db.close())

  test('is offered the next tier with its price, and told that the operator moves it while nobody else may', async () => {
    expect(await as('owner')('get_tier_offer', {})).toMatchObject({
      tier: { id: 'free', limit_nano: '500000000', requests_per_minute: 10, models: ['llama3.2'] },
      follows_tier: true,
      next: { id: 'pro', limit_nano: '25000000000', requests_per_minute: 100, price_nano: '25000000000' },
      may_upgrade: false,
      who_may: 'operators',
    })
    expect(await refusalOf(as('owner')('upgrade_tier', { to: 'pro' }))).toMatchObject({
      code: 'forbidden',
      reason: 'not_self_service',
    })
    expect(await tierOf()).toBe('free')
  })

  test('sees everything when nothing is left: budgets, costs, ledger, alerts and what to do', async () => {
    await operate('set_tier', { tier: 'pro', self_service: true })
    await spend(500_000_000)
    expect(await refusalOf(spend(1))).toMatchObject({
      code: 'budget_exceeded',
      say: expect.stringContaining(
        'Pro ($25.00 a month); an admin of the tenant can move it there.',
      ) as string,
    })
    const admin = as('admin')
    expect(await admin('list_budgets', {})).toMatchObject({
      budgets: [{ scope: 'tenant', spent_nano: '500000000', held_nano: '0', left_nano: '0', percent: 100 }],
    })
    expect(await admin('get_cost_report', { by: 'user' })).toMatchObject({
      rows: [{ id: 'ada', cost_nano: '500000000' }],
    })
    expect(await admin('list_ledger', {})).toMatchObject({ extent: { open_rows: 1 } })
    expect((await admin<{ alerts: unknown[] }>('list_alerts', {})).alerts).toHaveLength(4)
    expect(await admin('get_tier_offer', {})).toMatchObject({
      may_upgrade: true,
      who_may: 'you',
      say: 'Upgrade to Pro ($25/month); it holds from the next call on.',
    })
  })

  test('shows a reader how far the own budget is used, exactly, and the tenant’s without amounts', async () => {
    await as('admin')('set_budget', { scope: 'user', member: '*', period: 'day', limit_nano: '600000000' })
    await as('admin')('set_budget', { scope: 'user', member: 'bob', period: 'day', limit_nano: '7' })
    expect(await refusalOf(as('reader', 'ada')('list_budgets', {}))).toMatchObject({ code: 'forbidden' })
    const { budgets } = await as('reader', 'ada')<{ budgets: object[] }>('get_own_budgets', {})
    expect(budgets).toMatchObject([
      {
        scope: 'tenant',
        limit_nano: null,
        spent_nano: null,
        amounts_shown: false,
        percent: 100,
        is_full: true,
      },
      { scope: 'user', period: 'day', limit_nano: '600000000', spent_nano: '0', is_full: false },
    ])
    expect(budgets).toHaveLength(2)
    expect(await as('admin', 'ada')('get_own_budgets', {})).toMatchObject({
      budgets: [{ scope: 'tenant', spent_nano: '500000000', left_nano: '0', amounts_shown: true }, {}],
    })
  })

  describe('moves up', () => {
    test.each(['reader', 'member'] as const)('not by a %s, in an operation or in SQL', async role => {
      expect(await refusalOf(as(role)('upgrade_tier', { to: 'pro' }))).toMatchObject({ code: 'forbidden' })
      const door = { tenantId: acme, subject: role }
      const moving = sql`select app.move_to_next_tier('pro')`
      expect(await refusalOf(db.database.writeAs(door, tx => tx.first(moving)))).toMatchObject({
        message: 'database: 42501 no right to move',
      })
      expect(await tierOf()).toBe('free')
    })

    test('by no SQL under any seal of its own but the one function, and never to another’s tier', async () => {
      const door = { tenantId: acme, subject: 'eve', rights: ['budgets', 'people'] as const }
      const changed = await db.database.writeAs(door, tx =>
        tx.run(sql`update app.tenant set tier = 'enterprise' where true`),
      )
      expect(changed).toBe(0)
      expect(
        await db.database.writeAs(door, tx =>
          tx.run(sql`update app.tier set is_self_service = true where true`),
        ),
      ).toBe(0)
      expect(
        await db.database.writeAs(door, tx =>
          tx.first(sql`select app.move_to_next_tier('enterprise') as to`),
        ),
      ).toEqual({ to: 'not_next' })
    })

    test('one tier only, and not to where it is', async () => {
      const owner = as('owner')
      expect(await refusalOf(owner('upgrade_tier', { to: 'enterprise' }))).toMatchObject({
        code: 'conflict',
        reason: 'not_next_tier',
        facts: { next_tier: 'pro' },
      })
      expect(await refusalOf(owner('upgrade_tier', { to: 'free' }))).toMatchObject({
        reason: 'already_in_tier',
      })
    })

    test('once of many at once; then it spends again, and what waited for money is told', async () => {
      await db.asAdmin(`delete from pgboss.job where name = 'budget_raised'`)
      const outcomes = await Promise.all(
        Array.from({ length: 4 }, () => refusalOf(as('admin')('upgrade_tier', { to: 'pro' }))),
      )
      expect(outcomes.filter(one => one === undefined)).toHaveLength(1)
      expect(outcomes.filter(one => one?.reason === 'already_in_tier')).toHaveLength(3)
      await spend(1_000_000)
      expect(await as('admin')('list_budgets', {})).toMatchObject({
        budgets: [{ tier: 'pro', limit_nano: '25000000000', spent_nano: '501000000' }, {}, {}],
      })
      // Here before the answer; elsewhere when the registry is read again, for which the row says when it changed.
      expect(here.tierOf(acme)).toMatchObject({ id: 'pro', requestsPerMinute: 100 })
      expect(
        await db.asAdmin(`select data ->> 'tenantId' as tenant from pgboss.job where name = 'budget_raised'`),
      ).toEqual([{ tenant: acme }])
      const [audit] = await db.asAdmin(
        `select subject, object from app.audit where operation = 'upgrade_tier' and outcome = 'ok' and tenant_id = $1`,
        [acme],
      )
      expect(audit).toEqual({ subject: 'admin', object: 'tier:pro' })
    })

    test('and no further than the operator lets it, nor beyond the last tier', async () => {
      expect(await as('owner')('get_tier_offer', {})).toMatchObject({
        next: { id: 'enterprise' },
        who_may: 'operators',
      })
      await operate('update_tenant', { tenant: 'acme', tier: 'enterprise' })
      expect(await as('owner')('get_tier_offer', {})).toMatchObject({ next: null, who_may: 'nobody' })
      expect(await refusalOf(as('owner')('upgrade_tier', { to: 'pro' }))).toMatchObject({
        reason: 'not_next_tier',
      })
    })

    test('without another limit where an operator has set one of its own, and the offer says so', async () => {
      const own = await db.createTenant()
      await operate('update_tenant', { tenant: own, tier: 'free' })
      const operator = callerOf(db.database, CATALOG, own, { scopes: ['budgets:write', 'budgets:grant'] })
      await operator('set_budget', { scope: 'tenant', period: 'month', limit_nano: '3' })
      expect(await as('owner', 'o', own)('get_tier_offer', {})).toMatchObject({ follows_tier: false })
      await as('owner', 'o', own)('upgrade_tier', { to: 'pro' })
      expect(await refusalOf(spend(4, own))).toMatchObject({ facts: { limit_nano: '3' } })
    })
  })
})
