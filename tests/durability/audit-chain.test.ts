// The chain of the audit: every row gets its place and its link within seconds, once, whoever links and whoever is killed;
// whatever is changed afterwards, even by the database's owner, is found by name.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { linkDeploymentRows, linkRows, linkTenantRows } from '../../src/features/audit/chain/link-rows.ts'
import { chainSweep } from '../../src/features/audit/chain/start-chainer.ts'
import { verifyChain } from '../../src/features/audit/chain/verification.ts'
import {
  auditRows,
  insertAudit,
  insertDeploymentAudit,
  type AuditRow,
} from '../../src/gate/audit/audit-rows.ts'
import type { OwnerDatabase } from '../../src/platform/db/database.ts'
import { statementOf } from '../../src/platform/db/statements.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { stateOf } from '../harness/refusal.ts'

const onServer = inject('engine') === 'postgres'
const log = createLogger('silent')

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const row = (subject = 'ada'): AuditRow => ({
  id: uuidv7(),
  subject,
  token_id: 'jti-1',
  operation: 'probe',
  object: 'document:1',
  outcome: 'ok',
  fault: null,
  request_id: 'r-1',
  trace_id: '0'.repeat(32),
})
async function write(tenantId: string, rows: number): Promise<void> {
  const audit = auditRows(db.database)
  for (let n = 0; n < rows; n++) await audit.add(tenantId, row())
}
/** A tenant with so many rows, all linked. */
async function chained(rows: number): Promise<string> {
  const tenantId = await db.createTenant()
  await write(tenantId, rows)
  expect(await linkTenantRows(db.owner, tenantId)).toBe(rows)
  return tenantId
}
const verify = (tenantId: string, saved?: { chained_as: number; chain_hash: string }) =>
  verifyChain({ tenantId }, saved, fn => db.database.readAs({ tenantId, subject: 'test' }, fn))
async function findings(
  tenantId: string,
  saved?: { chained_as: number; chain_hash: string },
): Promise<string[]> {
  const { findings: found } = await verify(tenantId, saved)
  return found.map(
    ({ kind, chained_as, until }) => `${kind} ${chained_as}${until === undefined ? '' : `–${until}`}`,
  )
}
const places = async (tenantId: string): Promise<unknown[]> =>
  (
    await db.asAdmin('select chained_as from app.audit where tenant_id = $1 order by sequence', [tenantId])
  ).map(one => one['chained_as'])
const headOf = async (tenantId: string) => (await verify(tenantId)).head!

describe('the chainer', () => {
  test('links what is new, in order of arrival, and goes on where it was', async () => {
    const tenantId = await chained(3)
    await write(tenantId, 2)
    expect(await verify(tenantId)).toMatchObject({ ok: true, rows: 3, open_tail: { rows: 2 } })
    expect(await linkTenantRows(db.owner, tenantId)).toBe(2)
    expect(await linkTenantRows(db.owner, tenantId)).toBe(0)
    expect(await places(tenantId)).toStrictEqual([1n, 2n, 3n, 4n, 5n])
    expect(await verify(tenantId)).toMatchObject({
      ok: true,
      rows: 5,
      head: { chained_as: 5 },
      open_tail: { rows: 0, oldest_at: null },
    })
  })

  test('gives no place twice when two link at once', async () => {
    const tenantId = await db.createTenant()
    await write(tenantId, 20)
    const linked = await Promise.all(Array.from({ length: 4 }, () => linkTenantRows(db.owner, tenantId)))
    expect(linked.toSorted((a, b) => a - b)).toStrictEqual([0, 0, 0, 20])
    expect(await findings(tenantId)).toStrictEqual([])
    expect(await places(tenantId)).toStrictEqual(Array.from({ length: 20 }, (_, n) => BigInt(n + 1)))
  })

  test('killed before its commit it leaves nothing, and the next one begins there', async () => {
    const tenantId = await chained(2)
    await write(tenantId, 3)
    const killed = db.owner.maintain(tenantId, async tx => {
      await linkRows(tx, { tenantId })
      throw new Error('killed')
    })
    await expect(killed).rejects.toThrow('killed')
    expect(await verify(tenantId)).toMatchObject({ ok: true, rows: 2, open_tail: { rows: 3 } })
    expect(await linkTenantRows(db.owner, tenantId)).toBe(3)
    expect(await findings(tenantId)).toStrictEqual([])
  })

  test.runIf(onServer)('a row that commits late, with an earlier number, is linked later', async () => {
    const tenantId = await chained(1)
    const commit = Promise.withResolvers<void>()
    const inserted = Promise.withResolvers<void>()
    const late = db.database.writeAs({ tenantId, subject: 'test' }, async tx => {
      await insertAudit(tx, tenantId, row('late'))
      inserted.resolve()
      await commit.promise
    })
    await inserted.promise
    await write(tenantId, 1)
    expect(await linkTenantRows(db.owner, tenantId)).toBe(1)
    commit.resolve()
    await late
    expect(await linkTenantRows(db.owner, tenantId)).toBe(1)
    expect(await places(tenantId)).toStrictEqual([1n, 3n, 2n])
    expect(await findings(tenantId)).toStrictEqual([])
  })

  test('sweeps every tenant and the deployment, and nothing while nobody writes', async () => {
    const sweep = chainSweep({ owner: db.owner, log })
    const tenantId = await db.createTenant()
    await write(tenantId, 2)
    await db.database.system('record_audit', tx => insertDeploymentAudit(tx, row('operator')))
    expect(await sweep()).toBeGreaterThanOrEqual(3)
    expect(await verify(tenantId)).toMatchObject({ ok: true, rows: 2, open_tail: { rows: 0 } })
    const looks = counted(db.owner)
    const quiet = chainSweep({ owner: looks.owner, log })
    expect(await quiet()).toBe(0)
    expect(looks.count()).toBe(1)
    await write(tenantId, 1)
    expect(await quiet()).toBe(1)
  })

  test('leaves a tenant alone that is being removed', async () => {
    const tenantId = await db.createTenant()
    await write(tenantId, 1)
    await db.asAdmin(`update app.tenant set status = 'removing' where id = $1`, [tenantId])
    expect(await linkTenantRows(db.owner, tenantId)).toBe(0)
  })
})

describe('BU18 the application can add rows and change none', () => {
  test.each([
    ['update app.audit set subject = $1', 'eve'],
    ['update app.audit set chained_as = null, chain_hash = $1', null],
    ['delete from app.audit where subject = $1', 'ada'],
    ['update app.audit_head set chained_as = $1', 1],
    ['delete from app.audit_head where chained_as = $1', 1],
    [
      "insert into app.audit_head (tenant_id, chained_as, chain_hash) select id, $1, sha256('') from app.tenant",
      1,
    ],
    ['update app.deployment_audit set subject = $1', 'eve'],
    ['delete from app.deployment_audit where subject = $1', 'eve'],
    ['update app.deployment_audit_head set chained_as = $1', 1],
  ])('%s', async (text, value) => {
    const tenantId = await chained(1)
    const act = db.database.writeAs({ tenantId, subject: 'test' }, tx => tx.run(statementOf(text, [value])))
    expect(await stateOf(act)).toBe('42501')
    expect(await findings(tenantId)).toStrictEqual([])
  })

  test('nor empty a table', async () => {
    const tenantId = await chained(1)
    for (const table of ['audit', 'audit_head', 'deployment_audit', 'deployment_audit_head']) {
      const act = db.database.writeAs({ tenantId, subject: 'test' }, tx =>
        tx.run(statementOf(`truncate app.${table}`, [])),
      )
      expect(await stateOf(act), table).toBe('42501')
    }
  })
})

describe('BU18 what the owner changes is found', () => {
  const column = async (): Promise<string[]> =>
    (
      await db.asAdmin(`select attname from pg_attribute where attrelid = 'app.audit'::regclass and attnum > 0
        and not attisdropped order by attnum`)
    ).map(one => String(one['attname']))

  test('an edit of any column, each named by its place', async () => {
    const edits: Record<string, string> = {
      tenant_id: 'gen_random_uuid()',
      id: 'gen_random_uuid()',
      sequence: 'default',
      at: `at + interval '1 microsecond'`,
      subject: `'eve'`,
      token_id: 'null',
      operation: `'other'`,
      object: 'null',
      outcome: `'failed'`,
      fault: `''`,
      request_id: `'r-2'`,
      trace_id: `'1'`,
      chained_as: 'null',
      chain_hash: `sha256('')`,
    }
    expect(Object.keys(edits).toSorted(), 'a new column needs a place in the chain').toStrictEqual(
      (await column()).toSorted(),
    )
    for (const [name, value] of Object.entries(edits)) {
      const tenantId = await chained(5)
      await db.asAdmin(`update app.audit set ${name} = ${value} where tenant_id = $1 and chained_as = 3`, [
        tenantId,
      ])
      const gone = name === 'tenant_id' || name === 'chained_as'
      expect(await findings(tenantId), name).toStrictEqual([gone ? 'removed 3' : 'edited 3'])
    }
  })

  test.each<[string, string, string[]]>([
    ['one removed', 'delete from app.audit where tenant_id = $1 and chained_as = 3', ['removed 3']],
    [
      'several removed',
      'delete from app.audit where tenant_id = $1 and chained_as in (2, 3)',
      ['removed 2–3'],
    ],
    ['the end cut off', 'delete from app.audit where tenant_id = $1 and chained_as > 4', ['cut_off 5–6']],
    ['all of it gone', 'delete from app.audit where tenant_id = $1', ['cut_off 1–6']],
    [
      'one put in',
      `insert into app.audit (tenant_id, id, subject, operation, outcome, request_id, trace_id, chained_as, chain_hash)
       values ($1, gen_random_uuid(), 'eve', 'forged', 'ok', 'r', 't', 7, sha256(''))`,
      ['edited 7', 'head_mismatch 7–7'],
    ],
    [
      'two taken out of the chain',
      'update app.audit set chained_as = null where tenant_id = $1 and chained_as in (2, 5)',
      ['removed 2', 'removed 5'],
    ],
    [
      'the head set back',
      'update app.audit_head set chained_as = 4 where tenant_id = $1',
      ['head_mismatch 5–6'],
    ],
    [
      'the head forged',
      `update app.audit_head set chain_hash = sha256('') where tenant_id = $1`,
      ['head_mismatch 6'],
    ],
    ['the head gone', 'delete from app.audit_head where tenant_id = $1', ['head_mismatch 1–6']],
  ])('%s', async (_, text, expected) => {
    const tenantId = await chained(6)
    await db.asAdmin(text, [tenantId])
    expect(await findings(tenantId)).toStrictEqual(expected)
  })

  test('two rows that changed places', async () => {
    const tenantId = await chained(6)
    for (const [from, to] of [
      [2, 100],
      [5, 2],
      [100, 5],
    ])
      await db.asAdmin('update app.audit set chained_as = $3 where tenant_id = $1 and chained_as = $2', [
        tenantId,
        from,
        to,
      ])
    expect(await findings(tenantId)).toStrictEqual(['reordered 2', 'reordered 5'])
  })

  test('a time that no clock shows is an edit, not a failure of the check', async () => {
    const tenantId = await chained(2)
    await db.asAdmin(`update app.audit set at = 'infinity' where tenant_id = $1 and chained_as = 1`, [
      tenantId,
    ])
    expect(await findings(tenantId)).toStrictEqual(['edited 1'])
  })

  test('everything made anew, head and all, is found by a head that was kept elsewhere', async () => {
    const tenantId = await chained(4)
    const kept = await headOf(tenantId)
    await db.asAdmin(
      `update app.audit set subject = 'eve', chained_as = null, chain_hash = null where tenant_id = $1`,
      [tenantId],
    )
    await db.asAdmin('delete from app.audit_head where tenant_id = $1', [tenantId])
    await linkTenantRows(db.owner, tenantId)
    expect(await findings(tenantId)).toStrictEqual([])
    expect(await findings(tenantId, kept)).toStrictEqual(['head_mismatch 4'])
  })

  test('a kept head is passed through by an audit that only grew', async () => {
    const tenantId = await chained(4)
    const kept = await headOf(tenantId)
    await write(tenantId, 3)
    await linkTenantRows(db.owner, tenantId)
    expect(await findings(tenantId, kept)).toStrictEqual([])
  })

  test('and the deployment’s own audit alike', async () => {
    const check = () => verifyChain('deployment', undefined, fn => db.database.system('read_audit', fn))
    await db.database.system('record_audit', tx => insertDeploymentAudit(tx, row('operator')))
    await linkDeploymentRows(db.owner)
    expect(await check()).toMatchObject({ ok: true, open_tail: { rows: 0 } })
    const { rows } = await check()
    await db.asAdmin(`update app.deployment_audit set object = 'tenant:other' where chained_as = $1`, [rows])
    expect((await check()).findings).toMatchObject([{ kind: 'edited', chained_as: rows }])
  })
})

test.runIf(onServer)('a chain of several pages is followed to its end, across the seams', async () => {
  const tenantId = await db.createTenant()
  await db.asAdmin(
    `insert into app.audit (tenant_id, id, subject, operation, outcome, request_id, trace_id)
     select $1, gen_random_uuid(), 'ada', 'probe', 'ok', 'r', 't' from generate_series(1, 2500)`,
    [tenantId],
  )
  const sweep = chainSweep({ owner: db.owner, log })
  expect(await sweep()).toBeGreaterThanOrEqual(2500)
  expect(await verify(tenantId)).toMatchObject({ ok: true, rows: 2500, head: { chained_as: 2500 } })
  await db.asAdmin('delete from app.audit where tenant_id = $1 and chained_as in (1000, 2001)', [tenantId])
  await db.asAdmin(`update app.audit set subject = 'eve' where tenant_id = $1 and chained_as = 1500`, [
    tenantId,
  ])
  expect(await findings(tenantId)).toStrictEqual(['removed 1000', 'edited 1500', 'removed 2001'])
})

/** The owner's database, counting transactions. */
function counted(owner: OwnerDatabase): { owner: OwnerDatabase; count: () => number } {
  let transactions = 0
  return {
    owner: {
      ...owner,
      transaction: fn => {
        transactions++
        return owner.transaction(fn)
      },
      maintain: (tenantId, fn) => {
        transactions++
        return owner.maintain(tenantId, fn)
      },
    },
    count: () => transactions,
  }
}
