// The audit: every call that was let in leaves one row that says who, what, on what and how it ended; a write's row
// stands or falls with the write; and nobody but the owner can take a row back. (Many rows at once: group-commit.test.ts.)
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WriteCall } from '../../src/gate/call.ts'
import type { Operation } from '../../src/gate/operation.ts'
import type { Database, TenantScope } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { fault } from '../../src/platform/faults.ts'
import { startTracing } from '../../src/platform/telemetry/start-tracing.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { stateOf } from '../harness/refusal.ts'
import {
  ada,
  callsOver,
  deploying,
  operator,
  reading,
  writing,
  type Called,
  type CallOptions,
} from './audited-calls.ts'

let db: TestDatabase
let tenantId: string
let scope: TenantScope
beforeAll(async () => {
  startTracing()
  db = await openTestDatabase()
  tenantId = await db.createTenant()
  scope = { tenantId, subject: 'test' }
})
afterAll(() => db.close())

const called = (
  operation: Operation,
  principal = ada(tenantId),
  options: CallOptions = {},
): Promise<Called> => callsOver(db.database)(operation, principal, options)
const administered = (operation: Operation): Promise<Called> => callsOver(db.database)(operation, operator)

const rowsOf = (requestId: string): Promise<Record<string, unknown>[]> =>
  db.asAdmin('select * from app.audit where request_id = $1 order by sequence', [requestId])
const deploymentRowsOf = (requestId: string): Promise<Record<string, unknown>[]> =>
  db.asAdmin('select * from app.deployment_audit where request_id = $1 order by sequence', [requestId])
const word = (term: string) =>
  sql`insert into app.term_stat (tenant_id, term, df) values (${tenantId}, ${term}, 1)`
const words = (): Promise<string[]> =>
  db.database.readAs(scope, async tx =>
    (await tx.all(sql<{ term: string }>`select term from app.term_stat order by term`)).map(
      ({ term }) => term,
    ),
  )

describe('one row for each call that was let in', () => {
  test('a read: who, by which token, what, on what, in which request and trace', async () => {
    const { requestId, ended } = await called(
      reading(async call => {
        await call.read(tx => tx.all(sql`select 1`))
        call.about('document:1')
      }),
    )
    expect(ended).toBe('ok')
    expect(await rowsOf(requestId)).toStrictEqual([
      {
        tenant_id: tenantId,
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        sequence: expect.any(BigInt) as unknown,
        at: expect.any(Date) as unknown,
        subject: 'ada',
        token_id: 'jti-1',
        operation: 'probe_read',
        object: 'document:1',
        outcome: 'ok',
        fault: null,
        request_id: requestId,
        trace_id: expect.stringMatching(/^(?!0{32})[0-9a-f]{32}$/) as string,
        chained_as: null,
        chain_hash: null,
      },
    ])
  })

  test.each<
    [
      code:
        | 'forbidden'
        | 'not_found'
        | 'conflict'
        | 'unsupported'
        | 'timeout'
        | 'unavailable'
        | 'cancelled'
        | 'internal',
      outcome: string,
    ]
  >([
    ['forbidden', 'refused'],
    ['not_found', 'refused'],
    ['conflict', 'refused'],
    ['unsupported', 'refused'],
    ['timeout', 'failed'],
    ['unavailable', 'failed'],
    ['cancelled', 'failed'],
    ['internal', 'failed'],
  ])('one that ends with %s is %s, and bears the code', async (code, outcome) => {
    const { requestId, ended } = await called(
      reading(call => {
        call.about('document:2')
        throw fault(code)
      }),
    )
    expect(ended).toBe(code)
    expect(await rowsOf(requestId)).toMatchObject([{ outcome, fault: code, object: 'document:2' }])
  })

  test('a missing scope is refused, on record', async () => {
    const { requestId } = await called(
      reading(async () => undefined),
      ada(tenantId, []),
    )
    expect(await rowsOf(requestId)).toMatchObject([
      { outcome: 'refused', fault: 'forbidden', subject: 'ada' },
    ])
  })

  test('malformed and limited calls leave a log line and no row: nobody floods the audit', async () => {
    const malformed = await called(
      reading(async () => undefined),
      ada(tenantId),
      { rawInput: { bogus: 1 } },
    )
    const limited = await called(reading(() => Promise.reject(fault('rate_limited'))))
    for (const { requestId, log, ended } of [malformed, limited]) {
      expect(await rowsOf(requestId)).toStrictEqual([])
      expect(log).toContain(`"fault":"${ended}"`)
    }
  })

  test('a caller that went away is on record all the same', async () => {
    const controller = new AbortController()
    const { requestId, ended } = await called(
      reading(call => {
        controller.abort()
        return call.read(tx => tx.all(sql`select 1`))
      }),
      ada(tenantId),
      { signal: controller.signal },
    )
    expect(ended).toBe('cancelled')
    expect(await rowsOf(requestId)).toMatchObject([{ outcome: 'failed', fault: 'cancelled' }])
  })

  test('words that Postgres cannot store do not cost the row', async () => {
    const { requestId, log } = await called(reading(async call => call.about('document:\0\ud800x')))
    expect(await rowsOf(requestId)).toMatchObject([{ outcome: 'ok', object: 'document:\ufffdx' }])
    expect(log).toBe('')
  })
})

describe("a write's row stands or falls with the write", () => {
  test('committed together: one row, ok', async () => {
    const { requestId, ended } = await called(
      writing(async call => {
        call.about('word:kept')
        await call.write(tx => tx.run(word('kept')))
      }),
    )
    expect(ended).toBe('ok')
    expect(await words()).toContain('kept')
    expect(await rowsOf(requestId)).toMatchObject([{ outcome: 'ok', object: 'word:kept' }])
  })

  test('in one transaction: both were made by the same one', async () => {
    const { requestId } = await called(writing(call => call.write(tx => tx.run(word('same')))))
    const [versions] = await db.asAdmin(
      `select (select xmin::text from app.term_stat where tenant_id = $1 and term = 'same') as word,
      (select xmin::text from app.audit where request_id = $2) as row`,
      [tenantId, requestId],
    )
    expect(versions?.['row']).toBe(versions?.['word'])
  })

  test.each<[string, (call: WriteCall) => Promise<unknown>, string, string]>([
    [
      'that throws',
      call =>
        call.write(async tx => {
          await tx.run(word('thrown'))
          throw new Error('after the write')
        }),
      'internal',
      'failed',
    ],
    [
      'that breaks a key',
      call =>
        call.write(async tx => {
          await tx.run(word('thrown'))
          await tx.run(word('thrown'))
        }),
      'conflict',
      'refused',
    ],
    [
      'that swallows a failed statement',
      call =>
        call.write(async tx => {
          await tx.run(word('thrown'))
          await tx.all(sql`select 1 / 0`).catch(() => undefined)
        }),
      'internal',
      'failed',
    ],
  ])('one %s leaves no ok row and no write; its failure is on record', async (_, run, code, outcome) => {
    const { requestId, ended } = await called(writing(run))
    expect(ended).toBe(code)
    expect(await words()).not.toContain('thrown')
    expect(await rowsOf(requestId)).toMatchObject([{ outcome, fault: code }])
  })

  test('what was committed before the operation failed stays on record as done, beside the failure', async () => {
    const { requestId } = await called(
      writing(async call => {
        await call.write(tx => tx.run(word('first')))
        throw fault('unavailable')
      }),
    )
    expect(await words()).toContain('first')
    expect(await rowsOf(requestId)).toMatchObject([
      { outcome: 'ok' },
      { outcome: 'failed', fault: 'unavailable' },
    ])
  })

  test('a write operation that wrote nothing has its row too', async () => {
    const { requestId } = await called(writing(async () => undefined))
    expect(await rowsOf(requestId)).toMatchObject([{ outcome: 'ok' }])
  })

  test('when the row cannot be written, neither is the write', async () => {
    const { requestId, ended } = await called(
      writing(call =>
        call.write(async tx => {
          await tx.run(word('unrecorded'))
          await tx.all(sql`select set_config('app.seal', '', true)`)
        }),
      ),
    )
    expect(ended).toBe('internal')
    expect(await words()).not.toContain('unrecorded')
    expect(await rowsOf(requestId)).toMatchObject([{ outcome: 'failed' }])
  })
})

describe('operations on the deployment', () => {
  const revoke = (id: string) =>
    sql`insert into app.token_revocation (token_id, expires_at) values (${id}, now())`

  test('a write has its row in the same transaction, a read after it; neither is in a tenant’s audit', async () => {
    const wrote = await administered(
      deploying(call => call.system('manage_keys', tx => tx.run(revoke('audit-1')))),
    )
    const read = await administered(deploying(call => call.system('load_keys', tx => tx.all(sql`select 1`))))
    expect(await deploymentRowsOf(wrote.requestId)).toMatchObject([
      { subject: 'operator', operation: 'probe_deploy', outcome: 'ok' },
    ])
    expect(await deploymentRowsOf(read.requestId)).toMatchObject([{ outcome: 'ok' }])
    expect([...(await rowsOf(wrote.requestId)), ...(await rowsOf(read.requestId))]).toStrictEqual([])
    const [versions] = await db.asAdmin(
      `select (select xmin::text from app.token_revocation where token_id = 'audit-1') as write,
      (select xmin::text from app.deployment_audit where request_id = $1) as row`,
      [wrote.requestId],
    )
    expect(versions?.['row']).toBe(versions?.['write'])
  })

  test('a write that returns rows is a write too', async () => {
    const returning = sql`${revoke('audit-3')} returning token_id`
    const { requestId } = await administered(
      deploying(call => call.system('manage_keys', tx => tx.first(returning))),
    )
    const [versions] = await db.asAdmin(
      `select (select xmin::text from app.token_revocation where token_id = 'audit-3') as write,
      (select xmin::text from app.deployment_audit where request_id = $1) as row`,
      [requestId],
    )
    expect(versions?.['row']).toBe(versions?.['write'])
  })

  test('a write that is rolled back leaves its failure only', async () => {
    const { requestId } = await administered(
      deploying(call =>
        call.system('manage_keys', async tx => {
          await tx.run(revoke('audit-2'))
          throw fault('conflict')
        }),
      ),
    )
    expect(await deploymentRowsOf(requestId)).toMatchObject([{ outcome: 'refused', fault: 'conflict' }])
    expect(await db.asAdmin(`select 1 from app.token_revocation where token_id = 'audit-2'`)).toStrictEqual(
      [],
    )
  })

  test('who administers gets no answer without a row; a tenant’s read goes on, with an alarm in the log', async () => {
    const broken = (method: 'system' | 'writeAs'): Database => ({
      ...db.database,
      [method]: () => Promise.reject(fault('unavailable')),
    })
    const answered = await callsOver(broken('system'))(
      deploying(async () => undefined),
      operator,
    )
    expect(answered.ended).toBe('unavailable')
    expect(answered.log).toContain('"alarm":"audit"')
    const read = await callsOver(broken('writeAs'))(
      reading(async () => undefined),
      ada(tenantId),
    )
    expect(read.ended).toBe('ok')
    expect(read.log).toContain('"alarm":"audit"')
  })
})

describe('rows are for ever', () => {
  test.each([
    ['update', sql`update app.audit set outcome = 'failed'`],
    ['delete', sql`delete from app.audit`],
    ['truncate', sql`truncate app.audit`],
    [
      'replace',
      sql`insert into app.audit (tenant_id, id, subject, operation, outcome, request_id, trace_id)
      select tenant_id, id, 'nobody', operation, outcome, request_id, trace_id from app.audit limit 1 on conflict (tenant_id, id) do update set subject = 'nobody'`,
    ],
  ])('the application cannot %s them', async (verb, statement) => {
    const before = await db.asAdmin(
      'select md5(string_agg(to_jsonb(a)::text, $1 order by sequence)) as hash from app.audit a',
      [','],
    )
    const attempt = db.database.writeAs(scope, tx => tx.run(statement))
    await expect(attempt).rejects.toMatchObject({ cause: { code: '42501' } })
    const deployment = db.database.system('record_audit', tx =>
      tx.run(
        sql`${sql.raw(verb === 'truncate' ? 'truncate app.deployment_audit' : 'delete from app.deployment_audit')}`,
      ),
    )
    await expect(deployment).rejects.toMatchObject({ cause: { code: '42501' } })
    expect(
      await db.asAdmin(
        'select md5(string_agg(to_jsonb(a)::text, $1 order by sequence)) as hash from app.audit a',
        [','],
      ),
    ).toStrictEqual(before)
  })

  test('a tenant reads its own and writes none for another', async () => {
    const other = await db.createTenant()
    expect(
      await db.database.readAs({ tenantId: other, subject: 'x' }, tx => tx.all(sql`select * from app.audit`)),
    ).toStrictEqual([])
    const forged = sql`insert into app.audit (tenant_id, id, subject, operation, outcome, request_id, trace_id)
      values (${other}, gen_random_uuid(), 'x', 'x', 'ok', 'x', 'x')`
    expect(await stateOf(db.database.writeAs(scope, tx => tx.run(forged)))).toBe('42501')
  })
})
