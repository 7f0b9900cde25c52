// A tier's requests a minute, on the wires where they are counted, with what callers are told.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

let gatehouse: TestGatehouse
let token: string
let tenant: string

beforeAll(async () => {
  gatehouse = await openTestGatehouse()
  tenant = await gatehouse.createTenant('small')
  token = await gatehouse.token(tenant)
  await toTier('free')
})
afterAll(() => gatehouse?.close())

const api = (operation: string, body: unknown): Promise<Response> =>
  fetch(`${gatehouse.url}/api/${operation}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
let apiToken = ''

async function toTier(tier: string): Promise<void> {
  await gatehouse.gatehouse.operate('update_tenant', { tenant, tier })
  apiToken = String(
    (
      await gatehouse.gatehouse.operate('create_token', {
        tenant,
        user: 'tester',
        scopes: ['documents:read'],
        audience: 'api',
      })
    )['token'],
  )
}

test('a tier counts calls, over MCP and /api together; finding one’s way and following are free', async () => {
  for (let at = 0; at < 12; at++) {
    await gatehouse.tools(token)
    await gatehouse.call(token, 'follow_ingestions', { ingestions: [{ ingestion_id: tenant }] })
    expect((await api('follow_ingestions', { ingestions: [{ ingestion_id: tenant }] })).status).toBe(200)
  }
  const begun = Date.now()
  const first = await gatehouse.call(token, 'list_documents', {})
  expect(first.status).toBe(200)
  expect(first.headers.get('ratelimit-policy')).toContain('"tier";q=10;w=60')
  expect(first.headers.get('ratelimit')).toContain('"tier";r=9;t=6')
  expect(first.headers.get('ratelimit')).toMatch(/^"tenant";r=\d+;t=1, "user";r=\d+;t=1, "tier"/)
  const more = await Promise.all([
    ...Array.from({ length: 6 }, () => api('list_documents', {}).then(({ status }) => status)),
    ...Array.from({ length: 6 }, () =>
      gatehouse.call(token, 'list_documents', {}).then(({ status }) => status),
    ),
  ])
  // One more for every six seconds that a busy machine has taken.
  const passed = more.filter(status => status === 200).length
  expect(passed).toBeGreaterThanOrEqual(9)
  expect(passed).toBeLessThanOrEqual(9 + Math.floor((Date.now() - begun) / 6_000))
  expect(more.filter(status => status === 429)).toHaveLength(12 - passed)
})

test('of what is no tool a tier counts only what searches, reads files or all there is, moves an agent or sends something out', () => {
  const counted = gatehouse.gatehouse.catalog.filter(
    one => one.realm === 'tenant' && one.tool === false && one.uncounted !== true,
  )
  expect(counted.map(({ name }) => name).toSorted()).toEqual([
    'explain_search',
    'export_tenant',
    'rank_documents',
    'read_original',
    'send_message',
    'test_webhook',
    'verify_audit',
    'verify_costs',
    'verify_ledger',
  ])
})

test('a refusal says which tier, when to come back and what the next one allows, on both wires', async () => {
  for (let spent = false; !spent; ) spent = (await api('list_documents', {})).status === 429
  const overApi = await api('list_documents', {})
  const overMcp = await gatehouse.call(token, 'list_documents', {})
  for (const { status, headers } of [overApi, overMcp]) {
    expect(status).toBe(429)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  const problem = {
    code: 'rate_limited',
    reason: 'tier_rate',
    facts: { tier: 'free', requests_per_minute: 10, next_tier: 'pro' },
  }
  for (const refused of [(await overApi.json()) as Record<string, unknown>, overMcp.output]) {
    expect(refused).toMatchObject(problem)
    expect(refused['detail']).toMatch(
      /^The tier Free allows this tenant 10 requests a minute; try again in \d s\. The next tier is Pro \(100 a minute\)/,
    )
  }
})

test('another tier acts on the calls after it', async () => {
  await toTier('standard')
  const answer = await gatehouse.call(token, 'list_documents', {})
  expect(answer.status).toBe(200)
  expect(answer.headers.get('ratelimit')).not.toContain('tier')
})
