// The proof that a tenant is erased: it says what is left and where, and the deployment keeps what must stay known. (That it
// overlooks no table: tenant-removal.test.ts.)
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeTenantAudit } from '../../src/features/audit/close-tenant-audit.ts'
import { partitionName } from '../../src/features/tenants/storage/tenant-tables.ts'
import { verifiedErasure } from '../../src/features/tenants/erase/verified-erasure.ts'
import { verifyErasure } from '../../src/features/tenants/erase/verify-erasure.ts'
import { auditRows } from '../../src/gate/audit/audit-rows.ts'
import { defineOperation } from '../../src/gate/operation.ts'
import type { OwnerDatabase } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { callsOver, operator } from '../contract/audited-calls.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { spent } from '../harness/spending.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const markRemoving = (id: string) =>
  db.database.system('manage_tenants', tx =>
    tx.run(sql`update app.tenant set status = 'removing' where id = ${id}`),
  )
const erased = (id: string): Promise<void> =>
  verifiedErasure({
    owner: db.owner,
    database: db.database,
    closeAudit: tenantId => closeTenantAudit(db.owner, tenantId),
  })(id)

const ask = async (id: string, owner: OwnerDatabase | undefined = db.owner) => {
  const operation = verifyErasure({ owner })
  let answer: unknown
  const kept = defineOperation({
    ...operation,
    run: async (input, call) => {
      const given = await operation.run(input, call)
      answer = given
      return given
    },
  })
  const { ended } = await callsOver(db.database)(kept, operator, {
    rawInput: { tenant_id: id },
  })
  return { ended, answer }
}

test('RL33 verify_erasure says what is left, where it is, and when nothing is', async () => {
  const id = await db.createTenant()
  await markRemoving(id)
  await erased(id)
  expect(await ask(id)).toStrictEqual({ ended: 'ok', answer: { tenant_id: id, erased: true, left: [] } })
  await db.asAdmin(`insert into app.term_stat (tenant_id, term, df) values ($1, 'left', 1)`, [id])
  await db.asAdmin(`create table app.${partitionName('chunk', id)} (content text)`)
  expect((await ask(id)).answer).toStrictEqual({
    tenant_id: id,
    erased: false,
    left: [
      { where: 'app.term_stat', rows: 1 },
      { where: 'partitions', rows: 1 },
    ],
  })
  await db.asAdmin(`drop table app.${partitionName('chunk', id)}`)
})

test('without the owner’s login it says so instead of answering', async () => {
  const { ended } = await callsOver(db.database)(verifyErasure({}), operator, {
    rawInput: { tenant_id: uuidv7() },
  })
  expect(ended).toBe('unsupported')
})

test('how far audit and ledger had come stays with the deployment, the last rows included', async () => {
  const id = await db.createTenant()
  const audit = auditRows(db.database)
  for (let n = 0; n < 3; n++)
    await audit.add(id, {
      id: uuidv7(),
      subject: 'ada',
      token_id: null,
      operation: 'probe',
      object: null,
      outcome: 'ok',
      fault: null,
      request_id: 'r',
      trace_id: 't',
    })
  await spent({ database: db.database, tenantId: id }, 'paid', 100n)
  await markRemoving(id)
  await erased(id)
  const kept = await db.asAdmin(
    `select object from app.deployment_audit where operation = 'erase_tenant' and strpos(object, $1) > 0
     order by sequence`,
    [id],
  )
  expect(kept.map(({ object }) => String(object).replace(/[0-9a-f]{64}$/, '#'))).toStrictEqual([
    `tenant:${id} audit:3:#`,
    `tenant:${id} ledger:1:#`,
  ])
})
