// Tiers and what follows from them: a tenant's monthly limit, its rate, the models it may ask for.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { operations as tenants } from '../../src/features/tenants/operations.ts'
import { operations } from '../../src/features/usage/tiers/operations.ts'
import { spendAs } from '../../src/gate/money/spend.ts'
import { tiers } from '../../src/gate/money/tiers.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { operatorOf } from '../harness/deployment-caller.ts'
import { refusalOf } from '../harness/refusal.ts'
import type { Ask } from '../harness/tenant-caller.ts'

describe.runIf(inject('engine') === 'postgres')('tiers', () => {
  let db: TestDatabase
  let acme: string
  let operate: Ask
  /** What the process that changes tiers knows of them, and another one. */
  const here = tiers()
  const there = tiers()
  const load = (book: typeof here) => db.database.system('load_keys', tx => book.load(tx, 0))

  beforeAll(async () => {
    db = await openTestDatabase()
    acme = await db.createTenant('acme')
    const deps = { refreshTrust: async () => void (await load(here)) }
    operate = operatorOf(db.database, [...operations(deps), ...tenants({ ...deps, owner: undefined })])
  })
  afterAll(() => db.close())

  const spend = (nano: number) =>
    spendAs({
      database: db.database,
      log: createLogger('silent'),
      priceOf: async (_, model) => ({ model, version: 'test:1', perMillion: { input: 1_000_000n } }),
    })({ tenantId: acme, subject: 'ada', operation: 'ask', callId: uuidv7() })(
      { step: 'answer', model: 'test:priced', most: { input: nano } },
      async allowance => {
        await allowance.sent()
        allowance.used({ input: nano })
      },
    )
  const move = (tier: string) => operate('update_tenant', { tenant: 'acme', tier })

  describe('a tier', () => {
    test('those of a new deployment are listed with limit, rate, models and how many tenants they have', async () => {
      const { tiers: listed } = await operate<{ tiers: Record<string, unknown>[] }>('list_tiers', {})
      expect(
        listed.map(({ id, limit_nano, requests_per_minute, tenants: count }) => [
          id,
          limit_nano,
          requests_per_minute,
          count,
        ]),
      ).toEqual([
        ['free', '500000000', 10, 0],
        ['pro', '25000000000', 100, 0],
        ['standard', '100000000000', null, 1],
        ['enterprise', '500000000000', 1_000, 0],
      ])
    })

    test('a new one says its limit and models; of one that is there what is left out stays', async () => {
      expect(await refusalOf(operate('set_tier', { tier: 'trial', limit_nano: '1' }))).toMatchObject({
        code: 'invalid_input',
        issues: [{ field: 'models' }],
      })
      await operate('set_tier', {
        tier: 'trial',
        limit_nano: '1000000',
        models: ['llama3.2'],
        next_tier: 'pro',
      })
      expect(await operate('set_tier', { tier: 'trial', requests_per_minute: 5 })).toEqual({
        tier: {
          id: 'trial',
          name: 'trial',
          limit_nano: '1000000',
          requests_per_minute: 5,
          models: ['llama3.2'],
          next_tier: 'pro',
          price_nano: null,
          self_service: false,
          tenants: 0,
        },
      })
    })

    test.each([
      ['a negative limit', { limit_nano: '-1' }],
      ['a fraction', { limit_nano: '0.5' }],
      ['a number', { limit_nano: 5 }],
      ['more than a budget can hold', { limit_nano: '9000000000000000001' }],
      ['no calls at all', { requests_per_minute: 0 }],
      ['half a call', { requests_per_minute: 0.5 }],
      ['a pattern within a name', { models: ['gpt-*'] }],
      ['itself as its next', { next_tier: 'trial' }],
    ])('is not given %s', async (_what, given) => {
      expect(await refusalOf(operate('set_tier', { tier: 'trial', ...given }))).toMatchObject({
        code: 'invalid_input',
      })
    })

    test('is not deleted while tenants are in it or others lead to it, and the refusal says so', async () => {
      await move('trial')
      expect(await refusalOf(operate('delete_tier', { tier: 'trial' }))).toMatchObject({
        code: 'conflict',
        reason: 'tier_in_use',
        say: expect.stringContaining('1 tenant is in the tier "trial"') as string,
      })
      expect(await refusalOf(operate('delete_tier', { tier: 'pro' }))).toMatchObject({
        say: expect.stringContaining('comes after "free", "trial"') as string,
      })
      await move('standard')
      expect(await operate('delete_tier', { tier: 'trial' })).toEqual({ deleted: 'trial' })
      expect(await refusalOf(operate('get_tier', { tier: 'trial' }))).toMatchObject({
        reason: 'unknown_tier',
      })
      const { object } = (
        await db.asAdmin(
          `select object from app.deployment_audit where operation = 'delete_tier' and outcome = 'ok'`,
        )
      )[0] as { object: string }
      expect(object).toBe('tier:trial')
    })

    test('that does not exist is given to no tenant, and the refusal names those that do', async () => {
      const refusal = {
        code: 'invalid_input',
        reason: 'unknown_tier',
        say: expect.stringContaining('enterprise, free, pro, standard') as string,
      }
      expect(await refusalOf(move('gold'))).toMatchObject(refusal)
      expect(await refusalOf(operate('create_tenant', { name: 'X', slug: 'x', tier: 'gold' }))).toMatchObject(
        refusal,
      )
    })
  })

  describe('BU11 a changed tier decides on the next call', () => {
    test('what a tenant may spend: a higher tier at once, and a lower one too', async () => {
      await move('free')
      await spend(400_000_000)
      expect(await refusalOf(spend(200_000_000))).toMatchObject({
        code: 'budget_exceeded',
        facts: { limit_nano: '500000000', spent_nano: '400000000', next_tier: 'pro' },
      })
      await move('pro')
      await spend(200_000_000)
      await move('free')
      expect(await refusalOf(spend(1))).toMatchObject({ code: 'budget_exceeded' })
    })

    test('BU04 a tier’s own limit: 0 is nothing, null is no limit', async () => {
      await operate('set_tier', { tier: 'own', limit_nano: null, models: ['*'] })
      await move('own')
      await spend(900_000_000_000_000)
      await operate('set_tier', { tier: 'own', limit_nano: '0' })
      expect(await refusalOf(spend(1))).toMatchObject({
        reason: 'budget_blocked',
        facts: { limit_nano: '0' },
      })
    })

    test('rate and models: here before the answer, in another process when it reads again', async () => {
      await move('pro')
      // Only what changed lately is read again, and another tenant is the newest.
      await db.asAdmin(`update app.tenant set changed_at = now() - interval '1 hour' where slug = 'acme'`)
      await db.createTenant()
      await Promise.all([load(here), load(there)])
      const known = () => [here.tierOf(acme).id, there.tierOf(acme).id]
      expect(known()).toEqual(['pro', 'pro'])
      await move('free')
      expect(known()).toEqual(['free', 'pro'])
      expect(here.tierOf(acme)).toMatchObject({ requestsPerMinute: 10, models: ['llama3.2'] })
      await operate('set_tier', { tier: 'free', requests_per_minute: 11, models: ['ollama:*'] })
      expect(here.tierOf(acme)).toMatchObject({ requestsPerMinute: 11, models: ['ollama:*'] })
      await load(there)
      expect(there.tierOf(acme)).toEqual(here.tierOf(acme))
    })
  })
})
