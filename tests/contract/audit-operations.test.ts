// Reading the audit: filters, order, pages; and who gets no answer while it cannot be written.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linkTenantRows } from '../../src/features/audit/chain/link-rows.ts'
import { operations } from '../../src/features/audit/operations.ts'
import type { ListedAuditRow } from '../../src/features/audit/rows/listed-row.ts'
import { auditRows, type AuditRow } from '../../src/gate/audit/audit-rows.ts'
import type { Operation } from '../../src/gate/operation.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'
import { ada, callsOver, deploying, operator, reading, writing } from './audited-calls.ts'

interface Listed {
  readonly rows: ListedAuditRow[]
  readonly next_cursor?: string
}

let db: TestDatabase
let tenantId: string
let ask: Ask
beforeAll(async () => {
  db = await openTestDatabase()
  tenantId = await db.createTenant()
  ask = callerOf(db.database, operations(), tenantId, ['audit:read'])
  const audit = auditRows(db.database)
  for (let n = 1; n <= 7; n++) await audit.add(tenantId, row(n))
  await linkTenantRows(db.owner, tenantId)
  await audit.add(tenantId, row(8))
})
afterAll(() => db.close())

const row = (n: number): AuditRow => ({
  id: uuidv7(),
  subject: n % 2 === 0 ? 'bob' : 'ada',
  token_id: 'jti',
  operation: n < 5 ? 'read_one' : 'read_two',
  object: `document:${n}`,
  outcome: n === 3 ? 'refused' : 'ok',
  fault: n === 3 ? 'not_found' : null,
  request_id: 'r',
  trace_id: 't',
})
const seeded = { before: '2999-01-01T00:00:00Z' }
const listed = async (input: Record<string, unknown>): Promise<string[]> => {
  const { rows } = await ask<Listed>('list_audit', { ...seeded, ...input })
  return rows.filter(({ operation }) => operation.startsWith('read_')).map(({ object }) => object!.slice(9))
}

describe('list_audit', () => {
  test('newest first, oldest first, or what is linked by its places', async () => {
    expect(await listed({})).toStrictEqual(['8', '7', '6', '5', '4', '3', '2', '1'])
    expect(await listed({ order: 'oldest' })).toStrictEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
    expect(await listed({ order: 'chain' })).toStrictEqual(['1', '2', '3', '4', '5', '6', '7'])
  })

  test.each<[Record<string, unknown>, string[]]>([
    [{ user: 'bob' }, ['8', '6', '4', '2']],
    [{ operation: 'read_two' }, ['8', '7', '6', '5']],
    [{ outcome: 'refused' }, ['3']],
    [{ user: 'ada', operation: 'read_one', outcome: 'ok' }, ['1']],
    [{ user: `' or true --` }, []],
    [{ after: '2999-01-01T00:00:00Z' }, []],
    [{ before: '2000-01-01T00:00:00+02:00' }, []],
  ])('narrowed by %o', async (input, expected) => {
    expect(await listed(input)).toStrictEqual(expected)
  })

  test.each(['newest', 'oldest', 'chain'])('page by page (%s): every row once', async order => {
    const seen: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page: Listed = await ask('list_audit', { order, limit: 3, cursor, operation: 'read_one' })
      seen.push(...page.rows.map(({ id }) => id))
      cursor = page.next_cursor
      if (cursor === undefined) break
    }
    expect(new Set(seen).size).toBe(4)
    expect(seen).toHaveLength(4)
  })

  test('a cursor of another order, or of nobody, is refused', async () => {
    const { next_cursor: cursor } = await ask<Listed>('list_audit', { limit: 1 })
    for (const input of [{ order: 'chain', cursor }, { cursor: 'AAAA' }, { cursor: `${cursor ?? ''}=` }])
      await expect(ask('list_audit', input)).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('a row says when, to the microsecond, and where it stands', async () => {
    const { rows } = await ask<Listed>('list_audit', { order: 'chain', limit: 1 })
    const [stored] = await db.asAdmin(
      `select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, encode(chain_hash, 'hex') as hash
       from app.audit where tenant_id = $1 and chained_as = 1`,
      [tenantId],
    )
    expect(rows[0]).toMatchObject({
      at: stored?.['at'],
      chain_hash: stored?.['hash'],
      chained_as: 1,
      subject: 'ada',
    })
  })

  test('nobody sees another tenant’s', async () => {
    const other = callerOf(db.database, operations(), await db.createTenant(), ['audit:read'])
    expect((await other<Listed>('list_audit', {})).rows).toStrictEqual([])
    expect(await other('verify_audit', {})).toMatchObject({ ok: true, rows: 0 })
  })

  test.each(['list_audit', 'verify_audit'])('%s needs audit:read', async name => {
    const reader = callerOf(db.database, operations(), tenantId, ['documents:read', 'documents:read_all'])
    await expect(reader(name, {})).rejects.toMatchObject({ code: 'forbidden', reason: 'insufficient_scope' })
  })
})

describe('OP07 while the audit cannot be written', () => {
  const scoped = (scope: string): Operation =>
    ({ ...reading(call => call.read(tx => tx.all(sql`select 1`))), scope }) as Operation
  const called = (operation: Operation) => {
    const scope = operation.realm === 'tenant' ? operation.scope : ''
    return callsOver(db.database)(operation, operation.realm === 'tenant' ? ada(tenantId, [scope]) : operator)
  }
  const breakAudit = (table: string) => db.asAdmin(`revoke insert on app.${table} from gatehouse_app`)
  const mend = () =>
    db.asAdmin(`grant insert (tenant_id, id, subject, token_id, operation, object, outcome, fault, request_id, trace_id)
      on app.audit to gatehouse_app`)
  beforeAll(async () => {
    for (const table of ['audit', 'deployment_audit']) {
      await breakAudit(table)
      await db.asAdmin(`revoke insert (id, subject, operation, object, outcome, fault, request_id, trace_id)
        on app.${table} from gatehouse_app`)
    }
    await db.asAdmin('revoke insert (tenant_id, token_id) on app.audit from gatehouse_app')
  })
  afterAll(mend)

  test('a write fails whole', async () => {
    const { ended } = await called(
      writing(call =>
        call.write(tx =>
          tx.run(sql`insert into app.term_stat (tenant_id, term, df) values (${tenantId}, 'lost', 1)`),
        ),
      ),
    )
    expect(ended).toBe('internal')
    expect(await db.asAdmin(`select from app.term_stat where term = 'lost'`)).toStrictEqual([])
  })

  test.each(['users:read', 'keys:write', 'audit:read', 'tenant:write', 'documents:read_all'])(
    'a read that needs %s gets no answer',
    async scope => {
      expect(await called(scoped(scope))).toMatchObject({ ended: 'unavailable' })
    },
  )

  test('an operator gets none either', async () => {
    const { ended, log } = await called(
      deploying(async call => call.system('read_audit', tx => tx.all(sql`select 1`))),
    )
    expect(ended).toBe('unavailable')
    expect(log).toContain('"alarm":"audit"')
  })

  test('an ordinary read is answered, under the alarm', async () => {
    const { ended, log } = await called(scoped('documents:read'))
    expect(ended).toBe('ok')
    expect(log).toContain('"alarm":"audit"')
  })
})

test('a refusal in a tenant that is shut raises no alarm', async () => {
  const shut = await db.createTenant()
  await db.asAdmin(`update app.tenant set status = 'suspended' where id = $1`, [shut])
  const { ended, log } = await callsOver(db.database)(
    reading(call => call.read(tx => tx.all(sql`select id from app.document where tenant_id = ${shut}`))),
    ada(shut),
  )
  expect(ended).toBe('forbidden')
  expect(log).not.toContain('"alarm"')
})
