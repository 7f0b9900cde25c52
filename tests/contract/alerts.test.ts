// Budget alerts: made once for each threshold, told to every webhook with a signature, never to where it must not go.
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { deliverAlerts } from '../../src/features/usage/alerts/delivery/deliver-alerts.ts'
import { operations } from '../../src/features/usage/alerts/operations.ts'
import { startUpkeep } from '../../src/features/usage/upkeep/start-upkeep.ts'
import { startJobWorkers } from '../../src/platform/jobs/job-workers.ts'
import { postPublic, type PostPublic } from '../../src/platform/outbound/public/post-public.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { markSent, settle } from '../../src/gate/money/holds.ts'
import { payerOf, reserved, spent } from '../harness/spending.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const SCOPES = ['costs:read', 'budgets:write']
const LIMIT = 1_000_000n
const log = createLogger('silent')

let db: TestDatabase
let server: Server
let base: string
let poster: PostPublic
let received: Received[] = []
let answer: { status: number; headers?: Record<string, string> } = { status: 204 }

beforeAll(async () => {
  db = await openTestDatabase()
  server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => void (body += text))
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body })
      response.writeHead(answer.status, answer.headers).end()
    })
  })
  await new Promise<void>(listening => void server.listen(0, '127.0.0.1', listening))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  base = `http://${host}`
  poster = postPublic([host])
})
afterEach(() => {
  received = []
  answer = { status: 204 }
})
afterAll(async () => {
  server.close()
  await db.close()
})

interface Webhook {
  readonly webhook: { readonly id: string }
  readonly secret: string
}

interface Listed {
  readonly alerts: readonly (Record<string, unknown> & { readonly id: string })[]
  readonly next: string | null
}

/** A tenant with $0.001 a month. */
async function poorTenant(): Promise<{ tenantId: string; ask: Ask }> {
  const tenantId = await db.createTenant()
  await db.asAdmin(
    `insert into app.budget (tenant_id, id, scope, member, period, limit_nano, changed_by)
      values ($1, gen_random_uuid(), 'tenant', '', 'month', $2, 'test')`,
    [tenantId, LIMIT],
  )
  return { tenantId, ask: callerOf(db.database, operations({ poster }), tenantId, SCOPES) }
}

const spend = (tenantId: string, nano: bigint) =>
  spent({ database: db.database, tenantId }, `step ${nano}`, nano)
const deliver = () => deliverAlerts({ owner: db.owner, poster, log })
/** As if the pause after an attempt were over. */
const passPause = (tenantId: string) =>
  db.asAdmin(`update app.budget_alert set next_at = now() - interval '1 second' where tenant_id = $1`, [
    tenantId,
  ])

test('fifty calls that settle at once make one alert of each threshold they pass', async () => {
  const { tenantId, ask } = await poorTenant()
  const spending = { database: db.database, tenantId }
  const holds = await Promise.all(
    Array.from({ length: 50 }, (_, index) => reserved(spending, `call ${index}`, LIMIT / 50n)),
  )
  await Promise.all(
    holds.map(async hold => {
      await markSent(db.database, payerOf(spending), hold)
      const settlement = { usage: { input: 1 }, nano: hold.nano, basis: 'provider' } as const
      await settle(db.database, payerOf(spending), hold, settlement)
    }),
  )
  const { alerts } = await ask<Listed>('list_alerts', {})
  expect(new Set(alerts.map(alert => alert['threshold_percent']))).toEqual(new Set([50, 80, 95, 100]))
  expect(alerts).toHaveLength(4)
  expect(alerts[0]).toMatchObject({
    budget: { scope: 'tenant', member: null, period: 'month' },
    limit_nano: String(LIMIT),
    delivery: 'waiting',
  })
  const first = await ask<Listed>('list_alerts', { limit: 3 })
  const second = await ask<Listed>('list_alerts', { limit: 3, before: first.next })
  expect([...first.alerts, ...second.alerts]).toEqual(alerts)
  expect(second.next).toBeNull()
  // Nobody is to be told: it stands in the list all the same.
  await deliver()
  const later = await ask<Listed>('list_alerts', {})
  expect(later.alerts.map(alert => alert['delivery'])).toEqual(Array.from({ length: 4 }, () => 'no_webhook'))
})

test('an alert is posted once to every webhook, signed, and says which budget, how far and until when', async () => {
  const { tenantId, ask } = await poorTenant()
  const one = await ask<Webhook>('create_webhook', { url: `${base}/one` })
  const two = await ask<Webhook>('create_webhook', { url: `${base}/two` })
  await spend(tenantId, 500_000n)
  await Promise.all([deliver(), deliver()])
  await deliver()
  const [alert] = (await ask<Listed>('list_alerts', {})).alerts
  expect(alert).toMatchObject({ delivery: 'delivered', attempts: 1, failure: null })
  expect(received.map(({ path }) => path).toSorted()).toEqual(['/one', '/two'])
  for (const { path, headers, body } of received) {
    const secret = (path === '/one' ? one : two).secret
    expect(headers).toMatchObject({ 'webhook-id': alert?.id, 'content-type': 'application/json' })
    expect(headers['webhook-signature']).toBe(signed(secret, headers, body))
    expect(JSON.parse(body)).toMatchObject({
      type: 'budget.threshold_reached',
      timestamp: alert?.['at'],
      data: {
        id: alert?.id,
        tenant: { id: tenantId },
        budget: { scope: 'tenant', member: null, period: 'month' },
        window: alert?.['window'],
        threshold_percent: 50,
        limit_nano: '1000000',
        spent_nano: '500000',
        held_nano: '0',
      },
    })
    expect(body).not.toContain(secret)
  }
})

function signed(secret: string, headers: IncomingHttpHeaders, body: string): string {
  const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

test('what a webhook did not take is posted again with the same id, to that one alone, and given up after eight times', async () => {
  const { tenantId, ask } = await poorTenant()
  await ask('create_webhook', { url: `${base}/again` })
  await spend(tenantId, 500_000n)
  answer = { status: 503 }
  await deliver()
  await deliver()
  expect(received).toHaveLength(1)
  expect(await ask('list_alerts', {})).toMatchObject({
    alerts: [{ delivery: 'waiting', attempts: 1, failure: 'status 503' }],
  })
  answer = { status: 200 }
  await ask('create_webhook', { url: `${base}/other` })
  await passPause(tenantId)
  await deliver()
  expect(await ask('list_alerts', {})).toMatchObject({ alerts: [{ delivery: 'delivered', attempts: 2 }] })
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)

  answer = { status: 302, headers: { location: `${base}/elsewhere` } }
  await spend(tenantId, 300_000n)
  received = []
  for (let attempt = 1; attempt <= 10; attempt++) {
    await deliver()
    await passPause(tenantId)
  }
  expect(received.filter(({ path }) => path === '/again')).toHaveLength(8)
  expect(received.map(({ path }) => path)).not.toContain('/elsewhere')
  const { alerts } = await ask<Listed>('list_alerts', {})
  expect(alerts[0]).toMatchObject({ delivery: 'given_up', attempts: 8, failure: 'status 302' })
})

test('one of two webhooks that took an alert is not told again while the other is tried', async () => {
  const { tenantId, ask } = await poorTenant()
  await ask('create_webhook', { url: `${base}/well` })
  // It was allowed once; the environment has changed.
  await db.asAdmin(
    `insert into app.alert_webhook (tenant_id, id, url, secret, created_by)
      values ($1, gen_random_uuid(), 'https://127.0.0.1/away', sha256('x'), 'test')`,
    [tenantId],
  )
  await spend(tenantId, 500_000n)
  await deliver()
  await passPause(tenantId)
  await deliver()
  expect(received.map(({ path }) => path)).toEqual(['/well'])
  const { alerts } = await ask<Listed>('list_alerts', {})
  expect(alerts).toMatchObject([{ delivery: 'waiting', attempts: 2, failure: 'url_not_allowed' }])
})

test('a webhook is refused that leads inside, has no https, is there already or is one too many', async () => {
  const { ask } = await poorTenant()
  for (const url of [
    'https://127.0.0.1/',
    'https://169.254.169.254/',
    'http://example.com/',
    'https://localhost/',
    'x',
  ])
    await expect(ask('create_webhook', { url })).rejects.toMatchObject({ reason: 'url_not_allowed' })
  for (const path of [1, 2, 3, 4, 5]) await ask('create_webhook', { url: `${base}/${path}` })
  await expect(ask('create_webhook', { url: `${base}/1` })).rejects.toMatchObject({
    reason: 'webhook_exists',
  })
  await expect(ask('create_webhook', { url: `${base}/6` })).rejects.toMatchObject({
    reason: 'too_many_webhooks',
  })
})

test('who may not change budgets makes and removes no webhook, and nobody reads a secret back', async () => {
  const { tenantId, ask } = await poorTenant()
  const { webhook, secret } = await ask<Webhook>('create_webhook', { url: base })
  const viewer = callerOf(db.database, operations({ poster }), tenantId, ['costs:read'])
  await expect(viewer('create_webhook', { url: `${base}/2` })).rejects.toMatchObject({ code: 'forbidden' })
  await expect(viewer('delete_webhook', { id: webhook.id })).rejects.toMatchObject({ code: 'forbidden' })
  const stranger = callerOf(db.database, operations({ poster }), await db.createTenant(), SCOPES)
  await expect(stranger('delete_webhook', { id: webhook.id })).rejects.toMatchObject({ code: 'not_found' })
  expect(JSON.stringify(await ask('list_webhooks', {}))).not.toContain(secret.slice(6))
  expect(
    await db.asAdmin(
      `select has_column_privilege('gatehouse_app', 'app.alert_webhook', 'secret', 'select') as can`,
    ),
  ).toEqual([{ can: false }])
  await ask('delete_webhook', { id: webhook.id })
  expect(await ask('list_webhooks', {})).toEqual({ webhooks: [] })
})

test('a test post is made by a process that has the secret, and its outcome told', async () => {
  const { ask } = await poorTenant()
  const { webhook, secret } = await ask<Webhook>('create_webhook', { url: `${base}/test` })
  const workers = await startJobWorkers({ engine: db.worker, onProblem: () => undefined })
  const upkeep = await startUpkeep({ owner: db.owner, workers, poster, log })
  try {
    expect(await ask('test_webhook', { id: webhook.id })).toEqual({ outcome: 'delivered' })
    expect(received).toHaveLength(1)
    const { headers, body } = received[0]!
    expect(headers['webhook-signature']).toBe(signed(secret, headers, body))
    expect(JSON.parse(body)).toMatchObject({ type: 'webhook.test', data: { webhook_id: webhook.id } })
    expect(await ask('list_webhooks', {})).toMatchObject({ webhooks: [{ outcome: 'delivered' }] })
  } finally {
    await upkeep.stop()
    await workers.stop()
  }
})
