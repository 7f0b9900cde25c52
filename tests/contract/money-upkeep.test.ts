// What keeps money right without anybody's call: expired holds end, windows follow the ledger, time is cut in UTC.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { embedChunks, orderEmbedding } from '../../src/features/embeddings/embedding-queues.ts'
import { endExpiredHolds } from '../../src/features/usage/upkeep/end-expired-holds.ts'
import { reconciler } from '../../src/features/usage/upkeep/reconcile-all.ts'
import { budgetRaised, orderBudgetRaised } from '../../src/gate/money/budget-raised.ts'
import { markSent, settle } from '../../src/gate/money/holds.ts'
import { hastenJobs } from '../../src/platform/jobs/hasten-jobs.ts'
import type { Logger } from '../../src/platform/telemetry/logger.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { payerOf, reserved, spent } from '../harness/spending.ts'

let db: TestDatabase
beforeAll(async () => void (db = await openTestDatabase()))
afterAll(() => db.close())

const windowsOf = (tenantId: string) =>
  db.asAdmin(
    `select spent_nano, held_nano, starts_at from app.budget_window where tenant_id = $1 order by starts_at`,
    [tenantId],
  )
const chargesOf = (tenantId: string) =>
  db.asAdmin('select cost_nano, basis from app.ledger where tenant_id = $1', [tenantId])
const holdStates = async (tenantId: string) =>
  (
    await db.asAdmin('select step_key, state from app.hold where tenant_id = $1 order by step_key', [
      tenantId,
    ])
  ).map(row => `${String(row['step_key'])}: ${String(row['state'])}`)

test.each([
  ['day', '2024-02-29T23:59:59.999Z', '2024-02-29', '2024-03-01'],
  ['day', '2026-03-29T01:30:00Z', '2026-03-29', '2026-03-30'],
  ['week', '2026-03-01T23:59:59Z', '2026-02-23', '2026-03-02'],
  ['week', '2025-12-31T12:00:00Z', '2025-12-29', '2026-01-05'],
  ['month', '2024-02-29T00:00:00Z', '2024-02-01', '2024-03-01'],
  ['month', '2026-01-31T23:59:59.999Z', '2026-01-01', '2026-02-01'],
  ['month', '2026-12-31T23:59:59.999Z', '2026-12-01', '2027-01-01'],
  ['lifetime', '2026-07-01T00:00:00Z', '1970-01-01', null],
])(
  'BU09 the %s of %s begins and ends at midnight UTC, wherever the session is',
  async (period, moment, from, to) => {
    const [row] = await db.asAdmin(
      `select starts_at, ends_at from (select set_config('TimeZone', 'America/New_York', true)) z,
      lateral app.budget_period($1, $2::timestamptz)`,
      [period, moment],
    )
    expect(row).toEqual({
      starts_at: new Date(`${from}T00:00:00Z`),
      ends_at: to === null ? null : new Date(`${to}T00:00:00Z`),
    })
  },
)

test('BU09 a hold made before the end of a window and settled after it counts in the first', async () => {
  const tenantId = await db.createTenant()
  const spending = { database: db.database, tenantId }
  const hold = await reserved(spending, 'late', 700n)
  // The month in which it was made is over by now.
  await db.asAdmin(
    `with past as (
      insert into app.budget_window (tenant_id, budget_id, member, starts_at, ends_at, held_nano)
      select tenant_id, budget_id, member, starts_at - interval '1 month', starts_at, held_nano
      from app.budget_window where tenant_id = $1 returning *
    ) update app.budget_window set held_nano = 0 where tenant_id = $1`,
    [tenantId],
  )
  await db.asAdmin(
    `update app.hold_window set starts_at = starts_at - interval '1 month' where tenant_id = $1`,
    [tenantId],
  )
  await markSent(db.database, payerOf(spending), hold)
  await settle(db.database, payerOf(spending), hold, { usage: { input: 500 }, nano: 500n, basis: 'provider' })
  expect(await windowsOf(tenantId)).toMatchObject([
    { spent_nano: 500n, held_nano: 0n },
    { spent_nano: 0n, held_nano: 0n },
  ])
})

test('BU08 an expired hold is charged in full if it was sent and released if not, also of a suspended tenant', async () => {
  const tenantId = await db.createTenant()
  const spending = { database: db.database, tenantId }
  const unsent = await reserved(spending, 'unsent', 300n)
  const sent = await reserved(spending, 'sent', 500n)
  await reserved(spending, 'young', 200n)
  await markSent(db.database, payerOf(spending), sent)
  await db.asAdmin(`update app.tenant set status = 'suspended' where id = $1`, [tenantId])
  await db.asAdmin(
    `update app.hold set expires_at = now() - interval '1 second' where id = any($1::uuid[])`,
    [[sent.id, unsent.id]],
  )
  expect(await endExpiredHolds({ owner: db.owner, log: { warn: vi.fn<Logger['warn']>() } })).toBe(2)
  expect(await holdStates(tenantId)).toEqual(['sent: settled', 'unsent: released', 'young: held'])
  expect(await chargesOf(tenantId)).toEqual([{ cost_nano: 500n, basis: 'hold' }])
  expect(await windowsOf(tenantId)).toMatchObject([{ spent_nano: 500n, held_nano: 200n }])
  await db.asAdmin(`update app.tenant set status = 'active' where id = $1`, [tenantId])
  // Whoever comes back to it sends nothing any more, and changes nothing.
  expect(await markSent(db.database, payerOf(spending), unsent)).toBe(false)
  await settle(db.database, payerOf(spending), sent, { usage: { input: 1 }, nano: 1n, basis: 'provider' })
  expect(await chargesOf(tenantId)).toEqual([{ cost_nano: 500n, basis: 'hold' }])
})

test('a window that does not say what the ledger says is an alarm, put right and on record, once', async () => {
  const tenantId = await db.createTenant()
  const spending = { database: db.database, tenantId }
  await spent(spending, 'one', 1_000n)
  await reserved(spending, 'two', 250n)
  const log = { error: vi.fn<Logger['error']>() }
  const reconcile = reconciler({ owner: db.owner, log }, () => time)
  let time = Date.now()
  await reconcile()
  expect(log.error).not.toHaveBeenCalled()

  await db.asAdmin('update app.budget_window set spent_nano = 400, held_nano = 251 where tenant_id = $1', [
    tenantId,
  ])
  time += 60_000
  expect(await reconcile()).toBe(1)
  expect(await windowsOf(tenantId)).toMatchObject([{ spent_nano: 1_000n, held_nano: 250n }])
  const audited = () =>
    db.asAdmin('select subject, operation, object from app.audit where tenant_id = $1', [tenantId])
  expect(await audited()).toEqual([
    {
      subject: 'gatehouse:reconciler',
      operation: 'repair_budget',
      object: expect.stringMatching(/^budget:[0-9a-f-]{36} spent:400→1000 held:251→250$/) as string,
    },
  ])
  expect(log.error.mock.calls).toMatchObject([
    [
      { alarm: 'budget_drift', tenant: tenantId, spent_drift_nano: '-600', held_drift_nano: '1' },
      expect.any(String),
    ],
  ])

  for (const pause of [60_000, 3_600_000]) {
    time += pause
    expect(await reconcile()).toBe(0)
  }
  expect(await audited()).toHaveLength(1)
  expect(log.error).toHaveBeenCalledTimes(1)
})

test('a raised budget is told once however often it is raised, and wakes what its tenant has put off', async () => {
  const [poor, other] = [await db.createTenant(), await db.createTenant()]
  for (const tenantId of [poor, other])
    await db.database.writeAs({ tenantId, subject: 'test' }, tx => orderEmbedding(tx, tenantId, 600_000))
  for (let times = 0; times < 3; times++)
    await db.database.writeAs({ tenantId: poor, subject: 'test' }, tx => orderBudgetRaised(tx, poor))
  const waiting = (queue: string) =>
    db.asAdmin(
      `select data ->> 'tenantId' as tenant, start_after <= now() as due from pgboss.job where name = $1 order by 2 desc`,
      [queue],
    )
  expect(await waiting(budgetRaised.name)).toEqual([{ tenant: poor, due: true }])
  expect(await hastenJobs(db.worker, embedChunks, poor)).toBe(1)
  expect(await waiting(embedChunks.name)).toEqual([
    { tenant: poor, due: true },
    { tenant: other, due: false },
  ])
})
