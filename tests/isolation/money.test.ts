// What SQL that was smuggled into an ordinary member's transaction can do with money: reserve, as every call does, and
// nothing else. It raises no limit, lowers nothing that was spent, ends no hold but its own, and writes no ledger.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hold } from '../../src/gate/money/holds.ts'
import type { Right } from '../../src/platform/db/database.ts'
import { statementOf } from '../../src/platform/db/statements.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { faultsInBooks } from '../harness/money-books.ts'
import { stateOf } from '../harness/refusal.ts'
import { reserved, spent } from '../harness/spending.ts'

let db: TestDatabase
let tenantId: string
let open: Hold
let charge: string
let own: string
let users: string
beforeAll(async () => {
  db = await openTestDatabase()
  tenantId = await db.createTenant()
  const spending = { database: db.database, tenantId }
  users = randomUUID()
  await db.asAdmin(
    `insert into app.budget (tenant_id, id, scope, member, period, limit_nano, changed_by)
     values ($1, $2, 'user', '*', 'month', 1000, 'adele')`,
    [tenantId, users],
  )
  await spent(spending, 'paid', 100n)
  open = await reserved(spending, 'open', 50n)
  const [ledger] = await db.asAdmin('select id from app.ledger where tenant_id = $1', [tenantId])
  charge = String(ledger?.['id'])
  const [budget] = await db.asAdmin(`select id from app.budget where tenant_id = $1 and scope = 'tenant'`, [
    tenantId,
  ])
  own = String(budget?.['id'])
})
afterAll(() => db.close())

/** As the application, under a seal with these rights; the state it is refused with, or how many rows it touched. */
const act = async (text: string, values: readonly unknown[] = [], rights: readonly Right[] = []) => {
  let touched = 0
  const running = db.database.writeAs({ tenantId, subject: 'eve', rights }, async tx => {
    touched = await tx.run(statementOf(text, values))
  })
  const state = await stateOf(running)
  return state === 'accepted' ? touched : state
}
const books = async () =>
  (
    await db.asAdmin(
      `select (select jsonb_agg(b order by b.id) from app.budget b where tenant_id = $1) as budgets,
        (select jsonb_agg(w order by w.budget_id, w.member) from app.budget_window w where tenant_id = $1) as windows,
        (select jsonb_agg(h order by h.id) from app.hold h where tenant_id = $1) as holds,
        (select jsonb_agg(x order by x.hold_id, x.budget_id) from app.hold_window x where tenant_id = $1) as counted,
        (select jsonb_agg(l order by l.id) from app.ledger l where tenant_id = $1) as ledger`,
      [tenantId],
    )
  )[0]

test('injected SQL of a member writes no budget, window, hold or ledger', async () => {
  const before = await books()
  for (const text of [
    'update app.budget_window set spent_nano = 0',
    'update app.budget_window set granted_nano = 1000000000',
    'update app.budget_window set held_nano = 0',
    'delete from app.budget_window',
    `update app.hold set state = 'released'`,
    'update app.hold set held_nano = 0',
    `update app.hold set proof_hash = sha256('mine')`,
    'select proof_hash from app.hold',
    'delete from app.hold',
    'delete from app.hold_window',
    'update app.ledger set cost_nano = 0',
    'delete from app.ledger',
    'select app.end_hold(app.tenant_id(), id, null, null, $$hold$$) from app.hold',
    'select app.end_expired_holds()',
    `select app.note_alerts(tenant_id, id, member, now(), true) from app.budget`,
    `select app.open_window(tenant_id, id, member, now(), null) from app.budget`,
    `update app.tier set limit_nano = null`,
    `select nextval('app.ledger_sequence_seq')`,
  ])
    expect([text, await act(text)]).toSatisfy(
      ([, outcome]: unknown[]) => outcome === '42501' || outcome === 0,
      text,
    )
  expect(await books()).toStrictEqual(before)
})

test('raises no limit: a member none at all, an admin none of the tenant’s', async () => {
  const before = await books()
  const insert = (scope: string, member: string) =>
    `insert into app.budget (tenant_id, id, scope, member, period, limit_nano, changed_by)
     values (app.tenant_id(), gen_random_uuid(), '${scope}', '${member}', 'day', null, 'eve')`
  for (const rights of [[], ['people'], ['budgets']] as const) {
    const isAdmin = rights.includes('budgets' as never)
    expect(await act(`update app.budget set limit_nano = null where id = $1`, [own], rights)).toBe('42501')
    expect(await act(`delete from app.budget where id = $1`, [own], rights)).toBe(0)
    expect(await act(insert('tenant', ''), [], rights)).toBe('42501')
    expect(await act('select app.grant_budget($1, $2, 1000000000)', [own, ''], rights)).toBe('42501')
    expect(
      await act('select app.correct_charge($1, $2, -100, $$mine$$)', [randomUUID(), charge], rights),
    ).toBe('42501')
    if (isAdmin) continue
    expect(await act(`update app.budget set limit_nano = null where id = $1`, [users], rights)).toBe('42501')
    expect(await act(insert('user', 'eve'), [], rights)).toBe('42501')
    expect(await act('select app.grant_budget($1, $2, 1000000000)', [users, 'eve'], rights)).toBe('42501')
  }
  // Whose a budget is stays as it is: users' is not made the tenant's, the tenant's not users', and none another tenant's.
  expect(
    await act(`update app.budget set scope = 'user', member = 'x' where id = $1`, [own], ['budgets']),
  ).toBe('42501')
  expect(
    await act(`update app.budget set scope = 'tenant', member = '' where id = $1`, [users], ['budgets']),
  ).toBe('42501')
  expect(
    await act(`update app.budget set tenant_id = gen_random_uuid() where id = $1`, [users], ['budgets']),
  ).toBe('42501')
  expect(await books()).toStrictEqual(before)
})

test('ends nobody’s hold: without its proof it is neither sent nor settled', async () => {
  const before = await books()
  for (const proof of [Buffer.alloc(32), Buffer.from(''), null]) {
    const settle = 'select app.settle_hold($1, $2, $3, 0, $4)'
    expect(await act(settle, [open.id, proof, '{}', 'provider'])).toBe('42501')
    await act('select app.mark_sent($1, $2)', [open.id, proof])
  }
  expect(await books()).toStrictEqual(before)
  expect(await faultsInBooks(db.asAdmin, tenantId)).toStrictEqual([])
})

test('reserves no amount below nothing, and settles none', async () => {
  const before = await books()
  const call = JSON.stringify({ model: 'm', operation: 'o', step: 's', per_million: {}, price_version: 'x' })
  for (const [least, most] of [
    [-1, 5],
    [5, -5],
    [5, 4],
  ])
    expect(
      await act(`select app.reserve_hold($1, 'forged', sha256('x'), $2, $3, $4, '1 hour')`, [
        randomUUID(),
        call,
        least,
        most,
      ]),
    ).toBe('22023')
  expect(
    await act('select app.settle_hold($1, $2, $3, -5, $4)', [open.id, open.proof, '{}', 'provider']),
  ).toBe('22023')
  expect(await books()).toStrictEqual(before)
})
