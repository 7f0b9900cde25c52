// What goes wrong in the database bears the same fault code on both engines, and nothing of the driver's words leaves.
// This file runs once against each engine with the same expectations.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Statement, TenantScope } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import type { FaultCode } from '../../src/platform/faults.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { refusalOf } from '../harness/refusal.ts'

let db: TestDatabase
let scope: TenantScope
beforeAll(async () => {
  db = await openTestDatabase()
  scope = { tenantId: await db.createTenant(), subject: 'contract' }
})
afterAll(() => db.close())

// Long enough to be interrupted; the embedded engine runs it to its end all the same.
const slow = sql`select count(*) from generate_series(1, 3000000)`

describe('a failure bears the same fault code on both engines', () => {
  const stat = (term: string) =>
    sql`insert into app.term_stat (tenant_id, term, df) values (${scope.tenantId}, ${term}, 1)`
  const cases: [what: string, code: FaultCode, statements: () => readonly Statement[]][] = [
    ['unique violation', 'conflict', () => [stat('twice'), stat('twice')]],
    ['division by zero', 'internal', () => [sql`select 1 / ${0}::int`]],
    ['permission denied', 'internal', () => [sql`delete from app.audit where tenant_id = ${scope.tenantId}`]],
    ['a table that does not exist', 'internal', () => [sql`select * from app.nowhere`]],
    ['syntax error', 'internal', () => [sql`selekt 1`]],
    ['NUL in text', 'invalid_input', () => [stat('a\0b')]],
    ['NUL in JSON', 'invalid_input', () => [sql`select ${{ a: '\0' }}::jsonb`]],
    [
      'check constraint',
      'internal',
      () => [sql`update app.corpus_stat set chunks = -1`, stat('ok'), sql`update app.term_stat set df = -1`],
    ],
    ['text that is no uuid', 'internal', () => [sql`select ${'x'}::uuid`]],
    ['an index entry too large', 'invalid_input', () => [stat(randomBytes(9_000).toString('hex'))]],
  ]
  test.each(cases)('%s', async (_, code, statements) => {
    const failing = db.database.writeAs(scope, async tx => {
      for (const statement of statements()) await tx.run(statement)
    })
    await expect(failing).rejects.toMatchObject({ name: 'Fault', code })
  })

  test('a write in a read-only transaction is refused by Postgres (25006)', async () => {
    const failing = db.database.readAs(scope, tx => tx.all(stat('sneaked')))
    await expect(failing).rejects.toMatchObject({ code: 'internal', cause: { code: '25006' } })
    const batch = db.database.readBatchAs(scope, [sql`select 1`, stat('sneaked')])
    await expect(batch).rejects.toMatchObject({ code: 'internal', cause: { code: '25006' } })
  })

  test('injected SQL cannot turn a read into a write', async () => {
    for (const attempt of [
      sql`select set_config('transaction_read_only', 'off', true)`,
      sql.raw('set transaction read write'),
      sql.raw('set local transaction_read_only = off'),
    ]) {
      const failing = db.database.readAs(scope, async tx => {
        await tx.all(attempt)
        await tx.all(stat('sneaked'))
      })
      await expect(failing).rejects.toMatchObject({ code: 'internal', cause: { code: '25001' } })
    }
  })

  test('several statements in one text are refused: nothing can be stacked onto a statement', async () => {
    const stacked = sql.raw(`select 1; commit; select 2`) as Statement
    await expect(db.database.writeAs(scope, tx => tx.all(stacked))).rejects.toMatchObject({
      cause: { code: '42601' },
    })
    await expect(db.database.readBatchAs(scope, [stacked])).rejects.toMatchObject({
      cause: { code: '42601' },
    })
  })

  test('time running out is a timeout', async () => {
    await expect(db.database.readAs({ ...scope, timeoutMs: 100 }, tx => tx.all(slow))).rejects.toMatchObject({
      code: 'timeout',
    })
    await expect(db.database.readBatchAs({ ...scope, timeoutMs: 100 }, [slow])).rejects.toMatchObject({
      code: 'timeout',
    })
  })

  test('a caller that goes away is cancelled, before and during the transaction', async () => {
    const signal = AbortSignal.timeout(50)
    await expect(db.database.readAs({ ...scope, signal }, tx => tx.all(slow))).rejects.toMatchObject({
      code: 'cancelled',
    })
    await expect(db.database.readAs({ ...scope, signal }, tx => tx.all(slow))).rejects.toMatchObject({
      code: 'cancelled',
    })
    await expect(db.database.readBatchAs({ ...scope, signal }, [slow])).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  test('a COMMIT that fails (deferred constraint) is a fault, and nothing is kept', async () => {
    await db.owner.transaction(tx =>
      tx.exec(`
      create table app.deferred_probe (n int primary key deferrable initially deferred);
      grant select, insert on app.deferred_probe to gatehouse_app`),
    )
    try {
      const insert = sql`insert into app.deferred_probe values (1)`
      const failing = db.database.writeAs(scope, async tx => {
        await tx.run(insert)
        await tx.run(insert)
      })
      await expect(failing).rejects.toMatchObject({ code: 'conflict' })
      expect(
        await db.database.readAs(scope, tx => tx.all(sql`select n from app.deferred_probe`)),
      ).toStrictEqual([])
    } finally {
      await db.owner.transaction(tx => tx.exec('drop table app.deferred_probe'))
    }
  })

  test('a transaction whose statement failed is not committed, though its code went on as if nothing were', async () => {
    const failing = db.database.writeAs(scope, async tx => {
      await tx.run(stat('half'))
      await tx.run(sql`select 1 / 0`).catch(() => undefined)
      return 'fine'
    })
    await expect(failing).rejects.toMatchObject({ code: 'internal' })
    const left = await db.database.readAs(scope, tx =>
      tx.all(sql`select term from app.term_stat where term = 'half'`),
    )
    expect(left).toStrictEqual([])
  })

  test("RL16 a driver's words stay behind: what may be said is the fault's own sentence", async () => {
    const failing = db.database.writeAs(scope, tx =>
      tx.run(sql`select ${'hunter2'}::uuid from app.term_stat as secret_alias`),
    )
    const fault = await refusalOf(failing)
    expect(fault?.say).toBe('Something went wrong on our side. It has been logged under the request id.')
    expect(JSON.stringify({ say: fault?.say, reason: fault?.reason, issues: fault?.issues })).not.toMatch(
      /hunter2|uuid|select|22P02/,
    )
  })
})
