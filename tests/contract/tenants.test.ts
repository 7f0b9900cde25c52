// The operations on tenants, by outcome, through all stages of a call.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../src/features/tenants/operations.ts'
import { workTenantJobs } from '../../src/features/tenants/tenant-jobs.ts'
import {
  partitionedTables,
  partitionName,
  partitionState,
} from '../../src/features/tenants/storage/tenant-tables.ts'
import type { Tenant } from '../../src/features/tenants/tenant-rows.ts'
import { waitUntilActive } from '../../src/features/tenants/wait-until-active.ts'
import type { Principal } from '../../src/gate/call.ts'
import { callOpener } from '../../src/gate/open-call.ts'
import { recorder } from '../../src/gate/record.ts'
import { operationRunner } from '../../src/gate/run-operation.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { startJobWorkers, type JobWorkers } from '../../src/platform/jobs/job-workers.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { unpaid } from '../harness/unpaid.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'

const deps = { refreshTrust: async () => undefined }
const operator: Principal = { realm: 'deployment', subject: 'operator' }

let db: TestDatabase
let maintainer: JobWorkers
let calls = 0

beforeAll(async () => {
  db = await openTestDatabase()
  maintainer = await startJobWorkers({ engine: db.worker, onProblem: () => undefined })
})
afterAll(async () => {
  await maintainer.stop()
  await db.close()
})

async function run(name: string, input: unknown, principal = operator): Promise<Record<string, unknown>> {
  const operation = operations(deps).find(one => one.name === name)!
  const runOperation = operationRunner({
    takeToken: () => undefined,
    record: recorder({ database: db.database, log: createLogger('silent') }),
  })
  const context = { requestId: `request-${++calls}`, signal: AbortSignal.timeout(30_000) }
  return runOperation(
    operation,
    input,
    callOpener({ database: db.database, spendAs: unpaid })(operation, principal, context),
  )
}
const tenantOf = async (name: string, input: unknown): Promise<Tenant> =>
  (await run(name, input))['tenant'] as Tenant
const partitionsOf = (id: string) =>
  db.owner.transaction(async tx => {
    const parents = await partitionedTables(tx)
    return Promise.all(parents.map(parent => partitionState(tx, partitionName(parent, id))))
  })

// No maintainer works in this block: it starts in the next.
describe('without a maintainer', () => {
  test('a created tenant waits as provisioning, and the waiting caller is told what is missing', async () => {
    const tenant = await tenantOf('create_tenant', { name: 'Early Ltd', slug: 'early' })
    expect(tenant).toMatchObject({
      slug: 'early',
      name: 'Early Ltd',
      tier: 'standard',
      status: 'provisioning',
    })
    const waiting = waitUntilActive(() => tenantOf('get_tenant', { tenant: 'early' }), { withinMs: 300 })
    await expect(waiting).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'no_maintainer',
      say: expect.stringContaining('DATABASE_OWNER_URL') as string,
    })
  })

  test('a provisioning tenant can read and write nothing', async () => {
    const { id } = await tenantOf('get_tenant', { tenant: 'early' })
    const reading = db.database.readAs({ tenantId: id, subject: 'test' }, tx =>
      tx.all(sql`select id from app.document`),
    )
    await expect(reading).rejects.toMatchObject({ code: 'forbidden', reason: 'tenant_inactive' })
  })
})

describe('with a maintainer', () => {
  beforeAll(() => workTenantJobs(maintainer, db.owner))

  test('what waited is finished as soon as there is one', async () => {
    const tenant = await waitUntilActive(() => tenantOf('get_tenant', { tenant: 'early' }))
    expect(new Set(await partitionsOf(tenant.id))).toEqual(new Set(['attached']))
  })

  test('a created tenant becomes active with the id, tier and partitions it was given', async () => {
    const id = uuidv7()
    await run('create_tenant', { name: 'Northwind', slug: 'northwind', tier: 'pro', id: id.toUpperCase() })
    const tenant = await waitUntilActive(() => tenantOf('get_tenant', { tenant: id }))
    expect(tenant).toMatchObject({ id, slug: 'northwind', tier: 'pro', status: 'active' })
    expect(new Set(await partitionsOf(id))).toEqual(new Set(['attached']))
    expect((await run('list_tenants', {}))['tenants']).toContainEqual(tenant)
  })

  test('a removed tenant is shut out at once and gone a moment later', async () => {
    const { id } = await tenantOf('create_tenant', { name: 'Gone Soon', slug: 'gone-soon' })
    await waitUntilActive(() => tenantOf('get_tenant', { tenant: id }))
    expect(await tenantOf('remove_tenant', { tenant: 'gone-soon', confirm: 'gone-soon' })).toMatchObject({
      id,
      status: 'removing',
    })
    const reading = db.database.readAs({ tenantId: id, subject: 'test' }, tx =>
      tx.all(sql`select id from app.document`),
    )
    await expect(reading).rejects.toMatchObject({ code: 'forbidden', reason: 'tenant_inactive' })
    await expect
      .poll(() => run('get_tenant', { tenant: id }).catch((error: unknown) => error), { timeout: 30_000 })
      .toMatchObject({ code: 'not_found' })
    expect(new Set(await partitionsOf(id))).toEqual(new Set(['absent']))
  })

  test('its slug can be used again, for a tenant that has nothing of the old one', async () => {
    await tenantOf('create_tenant', { name: 'Gone Soon', slug: 'gone-soon' })
    const tenant = await waitUntilActive(() => tenantOf('get_tenant', { tenant: 'gone-soon' }))
    expect(new Set(await partitionsOf(tenant.id))).toEqual(new Set(['attached']))
  })
})

describe('conflict', () => {
  test('a taken slug', async () => {
    await expect(run('create_tenant', { name: 'Other', slug: 'early' })).rejects.toMatchObject({
      code: 'conflict',
      reason: 'slug_taken',
      say: 'A tenant with the slug "early" exists; choose another.',
    })
  })

  test('a taken id', async () => {
    const { id } = await tenantOf('get_tenant', { tenant: 'early' })
    await expect(run('create_tenant', { name: 'Other', slug: 'other', id })).rejects.toMatchObject({
      code: 'conflict',
      reason: 'id_taken',
    })
  })

  test('a refused creation leaves neither tenant nor job', async () => {
    const jobs = () => db.asAdmin(`select count(*) from pgboss.job where name = 'provision_tenant'`)
    const before = await jobs()
    await expect(run('create_tenant', { name: 'Other', slug: 'early' })).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await jobs()).toEqual(before)
    await expect(run('get_tenant', { tenant: 'other' })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('invalid_input', () => {
  test.each([
    ['an empty slug', { name: 'X', slug: '' }, 'slug'],
    ['a slug with capitals', { name: 'X', slug: 'Acme' }, 'slug'],
    ['a slug that looks like an id', { name: 'X', slug: uuidv7() }, 'slug'],
    ['an empty name', { name: '', slug: 'acme' }, 'name'],
    ['an unknown tier', { name: 'X', slug: 'acme', tier: 'gold' }, 'tier'],
    ['an id that is none', { name: 'X', slug: 'acme', id: 'acme' }, 'id'],
    ['an unknown argument', { name: 'X', slug: 'acme', admin: true }, 'admin'],
  ])('%s is named', async (_, input, field) => {
    const issues = await run('create_tenant', input).then(
      () => [],
      (error: unknown) => (error as { issues: { field: string }[] }).issues,
    )
    expect(issues.map(issue => issue.field)).toEqual([field])
  })

  test('a removal that is not confirmed by the slug removes nothing', async () => {
    const { id } = await tenantOf('get_tenant', { tenant: 'early' })
    await expect(run('remove_tenant', { tenant: id, confirm: id })).rejects.toMatchObject({
      code: 'invalid_input',
      reason: 'not_confirmed',
    })
    expect(await tenantOf('get_tenant', { tenant: id })).toMatchObject({ status: 'active' })
  })
})

test.each(['get_tenant', 'remove_tenant'])(
  'not_found: %s of a tenant that is not there says so',
  async name => {
    const input = { tenant: 'nobody', ...(name === 'remove_tenant' ? { confirm: 'nobody' } : {}) }
    await expect(run(name, input)).rejects.toMatchObject({
      code: 'not_found',
      say: 'There is no tenant "nobody".',
    })
  },
)

const ofOperators = operations(deps).filter(({ realm }) => realm === 'deployment')
test.each(ofOperators.map(({ name }) => name))("forbidden: %s for a tenant's own user", async name => {
  const user: Principal = {
    realm: 'tenant',
    tenantId: uuidv7(),
    subject: 'user',
    scopes: new Set(['admin']),
    tokenId: 'x',
    expiresAt: Date.now() / 1000 + 60,
  }
  const operation = operations(deps).find(one => one.name === name)!
  const runOperation = operationRunner({ takeToken: () => undefined, record: () => Promise.resolve() })
  const opened = callOpener({ database: db.database, spendAs: unpaid })(operation, user, {
    requestId: 'x',
    signal: AbortSignal.timeout(1_000),
  })
  await expect(runOperation(operation, {}, opened)).rejects.toMatchObject({
    code: 'forbidden',
    reason: 'wrong_realm',
  })
})

test('who created and who removed which tenant stays on record after it is gone', async () => {
  const kept = await db.database.system('record_audit', tx =>
    tx.all(sql`select subject, operation, outcome from app.deployment_audit
      where object = (select object from app.deployment_audit where operation = 'remove_tenant' and outcome = 'ok')
        and operation <> 'get_tenant' order by sequence`),
  )
  expect(kept).toEqual([
    { subject: 'operator', operation: 'create_tenant', outcome: 'ok' },
    { subject: 'operator', operation: 'remove_tenant', outcome: 'ok' },
  ])
})
