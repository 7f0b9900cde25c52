// Statements that a connection keeps parsed: what SQL that was smuggled into one tenant's transaction does to them must
// never make another tenant's call run another statement.
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import type { Database, TenantScope } from '../../src/platform/db/database.ts'
import type { Engine } from '../../src/platform/db/engine/engine.ts'
import { pgEngine } from '../../src/platform/db/engine/pg-engine.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { kept, onWire, sql, statementOf } from '../../src/platform/db/statements.ts'
import type { TestDatabase } from '../harness/database.ts'
import { openTwoTenants, raw } from './two-tenants.ts'

const statement = (word: string) =>
  kept(
    statementOf<{ said: string; tenant: string }>(
      `select $1::text as said, app.tenant_id()::text as tenant`,
      [word],
    ),
  )
const { name = '' } = onWire(statement(''))
const prepared = `prepare ${name} (text) as select 'another' as said, 'nobody' as tenant`

describe.runIf(inject('engine') === 'postgres')('a statement that a connection keeps', () => {
  let db: TestDatabase
  let a: TenantScope
  let b: TenantScope
  let engine: Engine
  let database: Database
  const opened = (pooled: boolean) =>
    pgEngine({
      url: db.urls?.app ?? '',
      poolSize: 1,
      pooled,
      applicationName: 'kept',
      onIdleError: () => undefined,
    })
  const ofB = async () => (await database.readBatchAs(b, [statement('hers')]))[0]
  const hers = () => [{ said: 'hers', tenant: b.tenantId }]
  const isKept = sql<{ n: bigint }>`select count(*) as n from pg_prepared_statements where name = ${name}`

  beforeAll(async () => void ({ db, a, b } = await openTwoTenants()))
  afterAll(() => db.close())
  beforeEach(() => {
    engine = opened(false)
    database = sealedDatabase({ engine, sealKey: () => db.sealKey })
    return () => engine.close()
  })

  test('RL24 stays from one transaction to the next, whoever calls', async () => {
    await database.readBatchAs(a, [statement('his')])
    expect(await database.readBatchAs(b, [statement('hers'), isKept])).toStrictEqual([hers(), [{ n: 1n }]])
  })

  test('is not kept behind a pooler', async () => {
    const behind = opened(true)
    const pooled = sealedDatabase({ engine: behind, sealKey: () => db.sealKey })
    expect(await pooled.readBatchAs(b, [statement('hers'), isKept])).toStrictEqual([hers(), [{ n: 0n }]])
    await behind.close()
  })

  test.each([
    ['prepares one under the name before it was kept', false, [prepared]],
    ['removes it and prepares another under its name', true, [`deallocate ${name}`, prepared]],
    ['removes all and prepares another under its name', true, ['deallocate all', prepared]],
    [
      'prepares another, and lets the cleaning run out of time',
      true,
      ["set statement_timeout = '1ms'", 'deallocate all', prepared],
    ],
  ])('is what it was when injected SQL %s', async (_, isKeptBefore, texts) => {
    if (isKeptBefore) await database.readBatchAs(a, [statement('his')])
    await database.writeAs(a, async tx => {
      for (const text of texts) await tx.run(raw(text))
    })
    expect(await ofB()).toStrictEqual(hers())
    expect(await ofB()).toStrictEqual(hers())
  })

  test('fails at most once when injected SQL has removed it: the connection is not used again', async () => {
    await database.readBatchAs(a, [statement('his')])
    await database.readAs(a, tx => tx.all(raw('deallocate all')))
    await expect(ofB()).rejects.toMatchObject({ code: 'internal' })
    expect(await ofB()).toStrictEqual(hers())
  })
})
