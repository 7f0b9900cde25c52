// Models that are paid, by what stands in the books afterwards: answers that end early, vectors of queries and documents.
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { meteredLanguageModel } from '../../src/gate/money/metered/metered-language-model.ts'
import { spendAs } from '../../src/gate/money/spend.ts'
import { languageModels } from '../../src/platform/models/language/language-models.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import {
  BREAK,
  HANG,
  openScriptedModel,
  type Asked,
  type Script,
  type ScriptedModel,
} from '../harness/scripted-model.ts'

const MODEL = 'openai:gpt-4'
const EMBEDDER = 'openai:embed'
const QUESTION = 'Where do boats wait?'

describe.runIf(inject('engine') === 'postgres')('models that are paid', () => {
  let model: ScriptedModel
  let script: (asked: Asked) => Script
  let g: TestGatehouse
  let tenant: string
  let token: string
  beforeAll(async () => {
    model = await openScriptedModel(asked => script(asked))
    g = await openTestGatehouse({
      OPENAI_BASE_URL: model.url,
      GATEHOUSE_MODEL: MODEL,
      GATEHOUSE_QUERY_EMBED_MS: '5000',
      GATEHOUSE_MODEL_DEADLINE_MS: '2000',
    })
    await setPrice(MODEL, { input: '10000000000', output: '20000000000' })
    tenant = await g.createTenant('quay')
    token = await g.token(tenant)
    await g.call(token, 'add_document', {
      title: 'Harbour rules',
      content: 'Boats wait outside the harbour.',
    })
  })
  afterAll(async () => {
    await g.close()
    await model.close()
  })
  beforeEach(async () => {
    script = () => ({ says: ['Outside [1].'], usage: { prompt_tokens: 1_000, completion_tokens: 100 } })
  })

  const setPrice = (name: string, per_million_nano: object) =>
    g.gatehouse.operate('set_price', { model: name, per_million_nano })
  const ask = (signal?: AbortSignal) => g.call(token, 'ask', { question: QUESTION }, signal)
  const rows = (text: string) => g.behind!.asAdmin(text, [tenant])
  const ledger = () =>
    rows(
      'select subject, operation, step, model, usage, cost_nano::int as nano, basis, label from app.ledger where tenant_id = $1 order by sequence',
    )
  const holds = async () =>
    (await rows('select state from app.hold where tenant_id = $1 order by reserved_at, id')).map(
      ({ state }) => state,
    )
  /** What is spent and held of the tenant's own budget. */
  const window = async () =>
    (
      await rows(
        `select w.spent_nano::int as spent, w.held_nano::int as held from app.budget_window w
         join app.budget b on b.tenant_id = w.tenant_id and b.id = w.budget_id and b.scope = 'tenant' where w.tenant_id = $1`,
      )
    )[0]
  const allSettled = () =>
    expect
      .poll(async () => (await holds()).filter(state => state === 'held' || state === 'sent'), {
        timeout: 10_000,
      })
      .toEqual([])

  describe('an answer', () => {
    test('is charged once, by the provider’s word, with its parts and who asked for what', async () => {
      await g.call(token, 'ask', { question: QUESTION, label: 'matter 12' })
      expect(await ledger()).toEqual([
        {
          subject: 'tester',
          operation: 'ask',
          step: 'answer',
          model: MODEL,
          usage: { input: 1_000, cached_input: 0, cache_write: 0, output: 100, reasoning: 0 },
          nano: 12_000_000,
          basis: 'provider',
          label: 'matter 12',
        },
      ])
      expect(await window()).toEqual({ spent: 12_000_000, held: 0 })
    })

    test('BU06 #13245 #37558 whose reader stops after one piece, 40 times at once, is charged for what came, and nothing stays held', async () => {
      script = () => ({ says: ['Boats wait outside', HANG] })
      const leftBefore = model.left()
      const before = await window()
      const priceOf = () =>
        Promise.resolve({
          model: MODEL,
          version: 'test',
          perMillion: { input: 1_000_000n, output: 1_000_000n },
        })
      const spender = { tenantId: tenant, subject: 'reader', operation: 'ask', callId: 'BU06' }
      const log = createLogger('silent')
      const spend = spendAs({ database: g.behind!.database, log, priceOf })(spender)
      const openai = { baseUrl: model.url, apiKey: undefined }
      const none = { ollamaUrl: undefined, anthropic: undefined, standard: MODEL, deadlineMs: 30_000 }
      const writer = meteredLanguageModel(languageModels({ ...none, openai }).open(MODEL), spend, {
        step: 'answer',
      })
      const generation = {
        system: '',
        prompt: 'x'.repeat(300),
        maxOutput: 500,
        signal: new AbortController().signal,
      }
      const readOne = async (): Promise<string> => {
        for await (const part of writer.stream(generation))
          return part.kind === 'text' ? part.text : part.kind
        return 'nothing'
      }
      expect(new Set(await Promise.all(Array.from({ length: 40 }, readOne)))).toEqual(
        new Set(['Boats wait outside']),
      )
      const rows = (await ledger()).filter(({ subject }) => subject === 'reader')
      expect(rows).toHaveLength(40)
      expect(new Set(rows.map(({ usage, nano, basis }) => JSON.stringify([usage, nano, basis])))).toEqual(
        new Set(['[{"input":100,"output":6},106,"counted"]']),
      )
      expect(await window()).toEqual({ spent: Number(before?.['spent'] ?? 0) + 40 * 106, held: 0 })
      await expect.poll(() => model.left(), { timeout: 10_000 }).toBe(leftBefore + 40)
    })

    test('#37140 whose caller hangs up ends at the provider too, and is charged', async () => {
      script = () => ({ says: ['Boats wait outside', HANG] })
      const leftBefore = model.left()
      const askedBefore = model.asked.length
      const caller = new AbortController()
      const answer = ask(caller.signal).catch(() => 'left')
      await expect.poll(() => model.asked.length).toBe(askedBefore + 1)
      caller.abort()
      expect(await answer).toBe('left')
      await expect.poll(() => model.left(), { timeout: 10_000 }).toBe(leftBefore + 1)
      await allSettled()
      const row = (await ledger()).at(-1)
      expect(row?.['subject']).toBe('tester')
      expect(row?.['basis']).toMatch(/^(counted|hold)$/)
      expect(Number(row?.['nano'])).toBeGreaterThan(0)
    })

    test('that breaks off is charged for what came, and the caller is told', async () => {
      script = () => ({ says: ['Boats wait', BREAK] })
      expect((await ask()).output).toMatchObject({ code: 'unavailable' })
      expect((await ledger()).at(-1)).toMatchObject({ basis: 'counted', usage: { output: 4 } })
    })

    test('that a provider refuses costs nothing', async () => {
      script = () => ({ refuses: 401 })
      const before = [await ledger(), await window()]
      expect((await ask()).output).toMatchObject({ code: 'unavailable' })
      expect([await ledger(), await window()]).toEqual(before)
      expect((await holds()).at(-1)).toBe('released')
    })

    test('BU02 BU05 with a report that cannot be is charged as the most it can have been', async () => {
      for (const usage of [
        { prompt_tokens: -5, completion_tokens: 1 },
        { prompt_tokens: 1.5, completion_tokens: 1 },
        { prompt_tokens: 1e300, completion_tokens: 1 },
        { prompt_tokens: 1, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 9 } },
      ]) {
        script = () => ({ says: ['Outside.'], usage })
        await ask()
        const [hold] = await rows(
          'select held_nano::int as nano from app.hold where tenant_id = $1 order by reserved_at desc limit 1',
        )
        expect((await ledger()).at(-1)).toMatchObject({ basis: 'hold', nano: hold!['nano'] })
      }
      expect(await window()).toMatchObject({ held: 0 })
    })

    test('whose provider never answers is charged as the most it can have been', async () => {
      script = () => ({ says: [HANG] })
      expect((await ask()).output).toMatchObject({ reason: 'provider_timeout' })
      expect((await ledger()).at(-1)).toMatchObject({ basis: 'hold', usage: {} })
    })
  })

  describe('vectors', () => {
    const search = (query: string, who = token) => g.call(who, 'hybrid_search', { query })
    const embedded = () => model.asked.filter(({ path }) => path === '/v1/embeddings')
    const status = async () =>
      ((await g.gatehouse.operate('get_embedding_status', {}))['models'] as Record<string, unknown>[]).find(
        ({ name }) => name === EMBEDDER,
      )
    const setBudget = (limit_nano: string | null) => {
      const operation = g.gatehouse.catalog.find(({ name }) => name === 'set_budget')!
      const principal = {
        realm: 'tenant',
        tenantId: tenant,
        subject: 'operator',
        scopes: new Set(['budgets:write', 'budgets:grant', 'costs:read']),
        tokenId: 'test',
        expiresAt: 4_102_444_800,
      } as const
      const context = { requestId: 'test', signal: new AbortController().signal }
      return g.gatehouse.run(operation, { scope: 'tenant', period: 'month', limit_nano }, principal, context)
    }

    beforeAll(async () => {
      script = () => ({ usage: { prompt_tokens: 7 } })
      await g.gatehouse.operate('migrate_embeddings', { to: EMBEDDER })
    })
    beforeEach(() => {
      script = () => ({ usage: { prompt_tokens: 7 } })
    })

    test('without a price: documents wait, uncounted, and the status says for what; a price lets them go on', async () => {
      await expect
        .poll(async () => (await status())?.['tenants_without_price'], { timeout: 20_000 })
        .toBeGreaterThan(0)
      expect((await status())?.['failed']).toBe(0)
      expect(embedded().filter(({ body }) => body.input?.[0] !== 'dimension')).toEqual([])
      await setPrice(EMBEDDER, { embedding: '1000000000' })
      await expect
        .poll(async () => (await status())?.['state'], { timeout: 60_000, interval: 500 })
        .toBe('serving')
      // Searches learn of the new model within a second or two.
      await expect
        .poll(async () => JSON.stringify((await search(`boats ${Math.random()}`)).output), {
          timeout: 20_000,
        })
        .toContain(EMBEDDER)
      const [row] = await rows(
        "select subject, operation, step, usage, basis from app.ledger where tenant_id = $1 and operation = 'embed_documents'",
      )
      expect(row).toEqual({
        subject: 'gatehouse:embeddings',
        operation: 'embed_documents',
        step: 'embed_batch',
        usage: { embedding: 7 },
        basis: 'provider',
      })
    })

    test('of a query are paid by the one who asks first, and by nobody who asks again', async () => {
      const before = (await ledger()).length
      await search('quiet water')
      await search('quiet  water')
      await search('quiet water', await g.token(tenant, ['documents:read'], 'other'))
      const paid = (await ledger()).slice(before)
      expect(paid).toMatchObject([
        { subject: 'tester', operation: 'hybrid_search', usage: { embedding: 7 }, nano: 7_000 },
      ])
    })

    test('of a query that no budget has room for: the search goes on by words and says so', async () => {
      await setBudget('0')
      const before = embedded().length
      const { isError, output } = await search('boats')
      expect(isError).toBe(false)
      expect(output).toMatchObject({
        hits: [{ title: 'Harbour rules' }],
        degraded: 'The budget leaves no room to embed the query: ranked by words only.',
      })
      expect(embedded()).toHaveLength(before)
      await setBudget(null)
    })

    test('of documents wait while no budget has room, uncounted, and are made when there is', async () => {
      await setBudget('0')
      await g.call(token, 'add_document', { title: 'Night rules', content: 'Lamps burn at night.' })
      const waiting = () =>
        rows(
          'select attempts, reason from app.pending_embedding where tenant_id = $1 order by chunk_id limit 1',
        )
      await expect.poll(waiting, { timeout: 20_000 }).toEqual([{ attempts: 0, reason: 'budget_exceeded' }])
      expect((await status())?.['tenants_out_of_budget']).toBe(1)
      await setBudget(null)
      await expect.poll(waiting, { timeout: 30_000 }).toEqual([])
      expect(await window()).toMatchObject({ held: 0 })
    })
  })
})
