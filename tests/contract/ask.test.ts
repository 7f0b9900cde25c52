// ask, as agents and people's programs meet it: over MCP and the API of a whole Gatehouse, with a model on loopback that
// answers by a script and has a price.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { openScriptedModel, type Asked, type Script, type ScriptedModel } from '../harness/scripted-model.ts'

/** Typed, unlike the matchers themselves. */
const containing = (text: string): unknown => expect.stringContaining(text)
const lacking = (text: string): unknown => expect.not.stringContaining(text)

const MODEL = 'openai:llama3.2'
/** 1,000 tokens in and 100 out, at $10 and $20 a million: $0.012. */
const USAGE = { prompt_tokens: 1_000, completion_tokens: 100 }
const COST = 12_000_000n

let model: ScriptedModel
let script: (asked: Asked) => Script
let g: TestGatehouse
let tenant: string
let token: string
let made = 0
beforeAll(async () => {
  model = await openScriptedModel(asked => script(asked))
  g = await openTestGatehouse({ OPENAI_BASE_URL: model.url, GATEHOUSE_MODEL: MODEL })
  await price(MODEL, '10000000000', '20000000000')
  await openTenant()
})
afterAll(async () => {
  await g.close()
  await model.close()
})
beforeEach(() => {
  script = () => ({ says: ['Boats wait ', 'outside [1].'], usage: USAGE })
})

const openTenant = async (): Promise<void> => {
  tenant = await g.createTenant(`harbour-${++made}`)
  token = await g.token(tenant)
  await g.call(token, 'add_document', { title: 'Harbour rules', content: 'Boats wait outside the harbour.' })
}

const price = (name: string, input: string, output: string) =>
  g.gatehouse.operate('set_price', { model: name, per_million_nano: { input, output } })
const ask = (more: object = {}) => g.call(token, 'ask', { question: 'Where do boats wait?', ...more })
const grants = ['costs:read', 'budgets:write', 'budgets:grant']
const money = async (operation: string, input: object): Promise<Record<string, unknown>> => {
  const found = g.gatehouse.catalog.find(({ name }) => name === operation)
  if (found === undefined) throw new Error(`no ${operation}`)
  const principal = {
    realm: 'tenant',
    tenantId: tenant,
    subject: 'operator',
    scopes: new Set(grants),
    tokenId: 'test',
    expiresAt: 4_102_444_800,
  } as const
  return g.gatehouse.run(found, input, principal, {
    requestId: 'test',
    signal: new AbortController().signal,
  })
}
const limit = (nano: string | null, more: object = {}) =>
  money('set_budget', { scope: 'tenant', period: 'month', limit_nano: nano, ...more })

describe('an answer', () => {
  test('is the model’s, from fenced passages, with what it cites and what it cost', async () => {
    const { output } = await ask({ label: 'matter 12' })
    expect(output).toMatchObject({
      answer: 'Boats wait outside [1].',
      model: MODEL,
      citations: [{ n: 1, title: 'Harbour rules', quote: 'Boats wait outside the harbour.' }],
      usage: { input: 1_000, output: 100 },
      cost_nano: String(COST),
    })
    const [system, user] = model.asked.at(-1)!.body.messages!
    expect(system).toMatchObject({ role: 'system', content: lacking('harbour') })
    expect(JSON.stringify(user)).toContain('Boats wait outside the harbour.')
  })

  test('by the built-in model quotes sentences, asks nobody and costs nothing', async () => {
    const before = model.asked.length
    const { output } = await ask({ model: 'extractive' })
    expect(output).toMatchObject({
      answer: '“Boats wait outside the harbour.” [1]',
      model: 'extractive',
      usage: {},
      cost_nano: '0',
    })
    expect(model.asked).toHaveLength(before)
  })

  test('of nothing found is made without a model', async () => {
    const before = model.asked.length
    const { output } = await g.call(token, 'ask', { question: '¿?' })
    expect(output).toMatchObject({ citations: [], cost_nano: '0' })
    expect(model.asked).toHaveLength(before)
  })

  test('that the model cut says so', async () => {
    script = () => ({ says: ['Boats'], usage: USAGE, finish: 'length' })
    expect((await ask()).output).toMatchObject({ answer: 'Boats', cut: 'cut' })
  })
})

describe('a model', () => {
  test('that the tier does not have is refused, and the next tier that has it is named', async () => {
    await g.gatehouse.operate('update_tenant', { tenant, tier: 'free' })
    expect((await ask({ model: 'openai:gpt-3.5-turbo' })).output).toMatchObject({
      code: 'forbidden',
      reason: 'model_not_in_tier',
      message: containing('Pro has it'),
      facts: { model: 'openai:gpt-3.5-turbo', tier: 'free', next_tier: 'pro' },
    })
    // Its name is in the tier at whichever provider.
    expect((await ask()).isError).toBe(false)
    await g.gatehouse.operate('update_tenant', { tenant, tier: 'standard' })
  })

  test.each([
    ['openai:gpt-999', 'price_unknown'],
    ['openai:llama3.2 ', 'price_unknown'],
    ['openai:*', 'price_unknown'],
    ['gpt-4', 'unknown_model'],
    ['anthropic:claude', 'model_not_configured'],
  ])('BU03 %j is not asked for nothing: %s', async (name, reason) => {
    const before = model.asked.length
    expect((await ask({ model: name })).output).toMatchObject({ reason })
    expect(model.asked).toHaveLength(before)
  })
})

describe('a budget', () => {
  beforeEach(openTenant)

  test('that is full refuses with what a program and a person need, and the model is not asked', async () => {
    await limit('500000')
    const before = model.asked.length
    const { isError, text, output } = await ask()
    expect(isError).toBe(true)
    expect(output).toMatchObject({
      code: 'budget_exceeded',
      reason: 'budget_exceeded',
      message: containing('monthly budget leaves no room'),
      facts: { scope: 'tenant', period: 'month', limit_nano: '500000', spent_nano: '0', action: 'block' },
    })
    expect(text).toContain('"_meta":{"gatehouse/error":{"code":"budget_exceeded"')
    expect(model.asked).toHaveLength(before)
    // Raised, the next call goes through.
    await limit(null)
    expect((await ask()).isError).toBe(false)
  })

  test('is 402 on the API, with the same facts', async () => {
    await limit('0')
    const api = String(
      (
        await g.gatehouse.operate('create_token', {
          tenant,
          user: 'tester',
          scopes: ['documents:read'],
          audience: 'api',
        })
      )['token'],
    )
    const response = await fetch(`${g.url}/api/ask`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api}`, 'content-type': 'application/json' },
      body: JSON.stringify({ question: 'Where do boats wait?' }),
    })
    expect(response.status).toBe(402)
    expect(await response.json()).toMatchObject({ reason: 'budget_blocked', facts: { limit_nano: '0' } })
  })

  test('bounds the answer by what it can still buy', async () => {
    await limit('30000000')
    await ask()
    const wide = model.asked.at(-1)!.body.max_tokens!
    expect(wide).toBeLessThan(1_024)
    expect(wide).toBeGreaterThan(64)
  })

  test.each([
    ['another model', 'openai:cheap', 'Cheap [1].', 'openai:cheap'],
    ['quotes, where none is named', undefined, '“Boats wait outside the harbour.” [1]', 'extractive'],
    [
      'quotes, where that one cannot be asked',
      'openai:unpriced',
      '“Boats wait outside the harbour.” [1]',
      'extractive',
    ],
  ])('that degrades goes on with %s', async (_, cheaper, answer, by) => {
    await price('openai:cheap', '1', '1')
    await limit('500000', { action: 'degrade', ...(cheaper === undefined ? {} : { degrade_to: cheaper }) })
    script = ({ body }) => ({ says: [body.model === 'cheap' ? 'Cheap [1].' : 'Dear [1].'], usage: USAGE })
    expect((await ask()).output).toMatchObject({
      answer,
      model: by,
      degraded: containing(`The budget leaves no room for ${MODEL}`),
    })
  })

  test('#29912 #14004 that is used up, or 0, does not block what is free', async () => {
    await price('openai:free', '0', '0')
    await limit('0')
    expect((await ask()).output).toMatchObject({ reason: 'budget_blocked' })
    expect((await ask({ model: 'openai:free' })).output).toMatchObject({
      answer: 'Boats wait outside [1].',
      cost_nano: '0',
    })
    expect((await ask({ model: 'extractive' })).isError).toBe(false)
    expect((await g.call(token, 'hybrid_search', { query: 'boats' })).isError).toBe(false)
  })
})
