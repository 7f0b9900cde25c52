// Audit rows of reads and refusals share transactions: many at once cost few commits, and none is lost or mixed up.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditRows, type AuditRow } from '../../src/gate/audit/audit-rows.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { fault } from '../../src/platform/faults.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { ada, callsOver, reading } from './audited-calls.ts'

let db: TestDatabase
let tenantId: string
beforeAll(async () => {
  db = await openTestDatabase()
  tenantId = await db.createTenant()
})
afterAll(() => db.close())

const row = (requestId: string): AuditRow => ({
  id: uuidv7(),
  subject: 'ada',
  token_id: null,
  operation: 'probe',
  object: null,
  outcome: 'ok',
  fault: null,
  request_id: requestId,
  trace_id: '0'.repeat(32),
})

const count = async (requestId: string): Promise<unknown> =>
  (
    await db.asAdmin(
      'select count(*)::int as n, count(distinct id)::int as ids from app.audit where request_id = $1',
      [requestId],
    )
  )[0]

/** The database, counting its write transactions. */
function counted(): { database: Database; writes: () => number } {
  let writes = 0
  const writeAs: Database['writeAs'] = (...given) => {
    writes++
    return db.database.writeAs(...given)
  }
  return { database: { ...db.database, writeAs }, writes: () => writes }
}

test('500 parallel calls leave 500 rows, in far fewer transactions, and each call is answered after its row', async () => {
  const { database, writes } = counted()
  const rows = auditRows(database)
  const present = await Promise.all(
    Array.from({ length: 500 }, async (_, n) => {
      await new Promise(resolve => setTimeout(resolve, n % 20))
      const own = row('parallel')
      await rows.add(tenantId, own)
      return n % 50 === 0 ? (await db.asAdmin('select 1 from app.audit where id = $1', [own.id])).length : 1
    }),
  )
  expect(present).toStrictEqual(Array.from({ length: 500 }, () => 1))
  expect(await count('parallel')).toStrictEqual({ n: 500, ids: 500 })
  expect(writes()).toBeLessThan(100)
})

test('500 parallel operations of two tenants leave each its own', async () => {
  const other = await db.createTenant()
  const called = callsOver(db.database)
  const operation = reading(async () => undefined)
  await Promise.all(
    Array.from({ length: 500 }, (_, n) =>
      called(operation, ada(n % 2 === 0 ? tenantId : other), { requestId: 'two' }),
    ),
  )
  const seen = await db.asAdmin(
    'select tenant_id, count(*)::int as n from app.audit where request_id = $1 group by 1',
    ['two'],
  )
  expect(new Map(seen.map(({ tenant_id, n }) => [tenant_id, n]))).toStrictEqual(
    new Map([
      [tenantId, 250],
      [other, 250],
    ]),
  )
})

test('7,000 rows that pile up behind a slow insert go in, though one statement could not bear their values', async () => {
  const rows = auditRows(db.database)
  await Promise.all(Array.from({ length: 7_000 }, () => rows.add(tenantId, row('pile'))))
  expect(await count('pile')).toStrictEqual({ n: 7_000, ids: 7_000 })
})

test('when an insert fails its callers are told, and the next ones are not held up', async () => {
  let failing = true
  const rows = auditRows({
    ...db.database,
    writeAs: (...given) => (failing ? Promise.reject(fault('unavailable')) : db.database.writeAs(...given)),
  })
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => rows.add(tenantId, row('lost'))))
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
  failing = false
  await rows.add(tenantId, row('after'))
  expect(await count('after')).toStrictEqual({ n: 1, ids: 1 })
})
