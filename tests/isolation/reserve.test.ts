// Random histories of money against a model in memory: reservations, ends of all kinds, crashes, limits that change, grants,
// corrections, and months that pass. After every step each window is what the model says it is.
// `npm run proofs -- money` plays a million; `--seed` repeats a history.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { windowsOf } from '../harness/money-books.ts'
import { payer, purchase, setBudget } from '../harness/money-ground.ts'
import { play, settableClock } from '../harness/money-play.ts'
import { limits, round } from '../harness/money-steps.ts'
import { refusalOf } from '../harness/refusal.ts'

let db: TestDatabase

beforeAll(async () => {
  db = await openTestDatabase()
  await settableClock(db.asAdmin)
})
afterAll(() => db.close())

const seed = Number(process.env['GATEHOUSE_TEST_SEED'] ?? 1_849_201)

test(`no history of calls, crashes, limits and months overspends, charges twice or loses a nano (seed ${seed})`, async () => {
  const { database, owner, asAdmin } = db
  let operations = 0
  const histories = fc.asyncProperty(
    limits,
    fc.array(round, { minLength: 40, maxLength: 80, size: 'max' }),
    async (begin, rounds) => {
      const played = await play({ databases: [database], owner, asAdmin }, begin, rounds)
      operations += played
    },
  )
  await fc.assert(histories, { numRuns: 8, seed, endOnFailure: false })
  expect(operations).toBeGreaterThan(300)
})

test('BU09 litellm#34270 litellm PR#40940 a month that ends during a call is the one that pays, and the next begins with nothing', async () => {
  const tenant = await db.createTenant()
  await setBudget(db.asAdmin, tenant, { limit: 110n })
  const at = (moment: string) =>
    db.asAdmin(
      'insert into app.money_clock values ($1, $2) on conflict (tenant_id) do update set moment = excluded.moment',
      [tenant, moment],
    )
  const call = payer(db.database, tenant)
  const buys = (during = async (): Promise<unknown> => undefined) =>
    call()(purchase(), async ({ sent, used }) => {
      await sent()
      await during()
      used({ input: 100 })
    })
  await at('2028-02-29T23:59:59.999Z')
  await buys(async () => {
    expect((await refusalOf(buys()))?.facts).toMatchObject({ resets_at: '2028-03-01T00:00:00.000Z' })
    await at('2028-03-01T00:00:00Z')
    await buys()
    expect((await refusalOf(buys()))?.facts).toMatchObject({
      spent_nano: '100',
      resets_at: '2028-04-01T00:00:00.000Z',
    })
  })
  const months = (await windowsOf(db.asAdmin, tenant)).map(({ starts_at, spent, held }) => [
    starts_at.toISOString().slice(0, 7),
    spent,
    held,
  ])
  expect(months).toStrictEqual([
    ['2028-02', 100n, 0n],
    ['2028-03', 100n, 0n],
  ])
})
