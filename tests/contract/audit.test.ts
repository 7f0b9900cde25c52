// The audit: every call that was let in leaves one row that says who, what, on what and how it ended; a write's row
// stands or falls with the write; and nobody but the owner can take a row back.
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { auditRows, type AuditRow } from '../../src/gate/audit-rows.ts'
import type {
  DeploymentPrincipal,
  Principal,
  ReadCall,
  SystemCall,
  TenantPrincipal,
  WriteCall,
} from '../../src/gate/call.ts'
import { callOpener } from '../../src/gate/open-call.ts'
import { defineOperation, type Operation } from '../../src/gate/operation.ts'
import { recorder } from '../../src/gate/record.ts'
import { operationRunner } from '../../src/gate/run-operation.ts'
import type { Database, TenantScope } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { fault } from '../../src/platform/faults.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { startTracing } from '../../src/platform/telemetry/start-tracing.ts'
import { trace } from '../../src/platform/telemetry/trace.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'

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

const nothing = z.strictObject({})
const done = z.object({})
const shared = { title: '', description: '', input: nothing, output: done }
const reading = (run: (call: ReadCall) => Promise<unknown>): Operation =>
  defineOperation({
    ...shared,
    name: 'probe_read',
    realm: 'tenant',
    access: 'read',
    scope: 's',
    run: async (_, call) => (await run(call), {}),
  })
const writing = (run: (call: WriteCall) => Promise<unknown>): Operation =>
  defineOperation({
    ...shared,
    name: 'probe_write',
    realm: 'tenant',
    access: 'write',
    scope: 's',
    run: async (_, call) => (await run(call), {}),
  })
const deploying = (run: (call: SystemCall) => Promise<unknown>): Operation =>
  defineOperation({
    ...shared,
    name: 'probe_deploy',
    realm: 'deployment',
    access: 'write',
    run: async (_, call) => (await run(call), {}),
  })

const operator: DeploymentPrincipal = { realm: 'deployment', subject: 'operator' }
const ada = (scopes = ['s']): TenantPrincipal => ({
  realm: 'tenant',
  tenantId,
  subject: 'ada',
  scopes: new Set(scopes),
  tokenId: 'jti-1',
  expiresAt: 0,
})

/** Runs an operation through the gate over a database; resolves with its request id, its end and the log lines. */
async function called(
  operation: Operation,
  principal: Principal = ada(),
  { database = db.database, signal = new AbortController().signal, rawInput = {} as unknown } = {},
) {
  const sink = new PassThrough()
  const requestId = uuidv7()
  const runOperation = operationRunner({
    takeToken: () => undefined,
    record: recorder({ database, log: createLogger('info', sink) }),
  })
  const opened = callOpener(database)
  const ended = await trace('request', () =>
    runOperation(operation, rawInput, opened(operation, principal, { requestId, signal })),
  ).then(
    () => 'ok',
    (error: { code: string }) => error.code,
  )
  sink.end()
  return { requestId, ended, log: await text(sink) }
}

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
      ada([]),
    )
    expect(await rowsOf(requestId)).toMatchObject([
      { outcome: 'refused', fault: 'forbidden', subject: 'ada' },
    ])
  })

  test('malformed and limited calls leave a log line and no row: nobody floods the audit', async () => {
    const malformed = await called(
      reading(async () => undefined),
      ada(),
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
      ada(),
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
    const wrote = await called(
      deploying(call => call.system('manage_keys', tx => tx.run(revoke('audit-1')))),
      operator,
    )
    const read = await called(
      deploying(call => call.system('load_keys', tx => tx.all(sql`select 1`))),
      operator,
    )
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

  test('a write that is rolled back leaves its failure only', async () => {
    const { requestId } = await called(
      deploying(call =>
        call.system('manage_keys', async tx => {
          await tx.run(revoke('audit-2'))
          throw fault('conflict')
        }),
      ),
      operator,
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
    const administered = await called(
      deploying(async () => undefined),
      operator,
      { database: broken('system') },
    )
    expect(administered.ended).toBe('unavailable')
    expect(administered.log).toContain('"alarm":"audit"')
    const read = await called(
      reading(async () => undefined),
      ada(),
      { database: broken('writeAs') },
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
    await expect(auditRows(db.database).add(other, row('own'))).resolves.toBeUndefined()
    expect(
      await db.database.readAs({ tenantId: other, subject: 'x' }, tx =>
        tx.all(sql`select request_id from app.audit`),
      ),
    ).toStrictEqual([{ request_id: 'own' }])
  })
})

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

describe('group commit', () => {
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
    const sink = new PassThrough().resume()
    const run = operationRunner({
      takeToken: () => undefined,
      record: recorder({ database: db.database, log: createLogger('silent', sink) }),
    })
    const opened = callOpener(db.database)
    const operation = reading(async () => undefined)
    await Promise.all(
      Array.from({ length: 500 }, (_, n) =>
        run(
          operation,
          {},
          opened(
            operation,
            { ...ada(), tenantId: n % 2 === 0 ? tenantId : other },
            { requestId: 'two', signal: new AbortController().signal },
          ),
        ),
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
      writeAs: (...given) =>
        (failing ? Promise.reject(fault('unavailable')) : db.database.writeAs(...given)) as never,
    })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => rows.add(tenantId, row('lost'))),
    )
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    failing = false
    await rows.add(tenantId, row('after'))
    expect(await count('after')).toStrictEqual({ n: 1, ids: 1 })
  })
})
