import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import {
  BREAK,
  HANG,
  openScriptedModel,
  type Script,
  type ScriptedModel,
} from '../../../../tests/harness/scripted-model.ts'
import { Fault } from '../../faults.ts'
import { Secret } from '../../secret.ts'
import type { ModelUsage } from '../meter.ts'
import { languageModels } from './language-models.ts'

const SYSTEM = 'You answer.'
const PROMPT = 'Who was at sea?'
let server: ScriptedModel
afterEach(() => server.close())

interface Heard {
  sent: number
  used: [ModelUsage, string][]
}

/** What a call says, how it ends, and what whoever pays hears of it. */
async function ask(script: Script | ((at: number) => Script), stopAfter = Infinity, leaveAfter = Infinity) {
  let at = 0
  server = await openScriptedModel(() => (typeof script === 'function' ? script(at++) : script))
  const models = languageModels({
    standard: 'extractive',
    ollamaUrl: undefined,
    anthropic: undefined,
    openai: { baseUrl: server.url, apiKey: new Secret('sk-canary-key') },
    deadlineMs: 1_000,
  })
  const heard: Heard = { sent: 0, used: [] }
  const meter = {
    sent: async () => void (heard.sent += 1),
    used: (usage: ModelUsage, basis: string) => void heard.used.push([usage, basis]),
  }
  const caller = new AbortController()
  let said = ''
  let end: string | undefined
  let pieces = 0
  let thrown: unknown
  try {
    const stream = models
      .open('openai:gpt-4')
      .stream({ system: SYSTEM, prompt: PROMPT, maxOutput: 321, signal: caller.signal, meter })
    for await (const part of stream) {
      if (part.kind === 'end') end = part.end
      else said += part.text
      if (++pieces >= leaveAfter) caller.abort()
      if (pieces >= stopAfter) break
    }
  } catch (error) {
    thrown = error
  }
  // Whatever went wrong: neither the key nor the prompt is in what is thrown.
  expect(inspect(thrown, { depth: null, showHidden: true })).not.toMatch(/canary|at sea/)
  return { said, end, heard, thrown: thrown as Fault | undefined }
}

const usage = { prompt_tokens: 20, completion_tokens: 10 }
const INPUT = Math.ceil((SYSTEM.length + PROMPT.length) / 3)

describe('an answer', () => {
  test('comes in its pieces, and with the provider’s usage, each token in one component', async () => {
    const { said, end, heard } = await ask({
      says: ['Ada ', 'was.'],
      usage: {
        prompt_tokens: 100,
        completion_tokens: 30,
        prompt_tokens_details: { cached_tokens: 80 },
        completion_tokens_details: { reasoning_tokens: 12 },
      },
    })
    expect([said, end]).toEqual(['Ada was.', 'complete'])
    expect(heard).toEqual({
      sent: 1,
      used: [[{ input: 20, cached_input: 80, cache_write: 0, output: 18, reasoning: 12 }, 'provider']],
    })
    const [request] = server.asked
    expect(request).toMatchObject({ path: '/v1/chat/completions', authorization: 'Bearer sk-canary-key' })
    expect(request?.body).toMatchObject({ model: 'gpt-4', max_tokens: 321 })
  })

  test('that was cut says so', async () => {
    expect(await ask({ says: ['Ada'], usage, finish: 'length' })).toMatchObject({ end: 'cut' })
  })

  test.each<[string, Script]>([
    ['says nothing of its usage', { says: ['Ada was.'] }],
    ['says it used nothing', { says: ['Ada was.'], usage: { prompt_tokens: 0, completion_tokens: 0 } }],
  ])('of a provider that %s is counted', async (_, script) => {
    const { heard } = await ask(script)
    expect(heard.used).toEqual([[{ input: INPUT, output: 3 }, 'counted']])
  })

  test.each([
    ['more cached than came in', { prompt_tokens: 1, prompt_tokens_details: { cached_tokens: 5 } }, -4],
    ['less than nothing', { prompt_tokens: -7, completion_tokens: 1 }, -7],
  ])(
    'with numbers that cannot be (%s) hands them on, for whoever charges to refuse',
    async (_, odd, input) => {
      const { heard } = await ask({ usage: odd })
      expect(heard.used).toMatchObject([[{ input }, 'provider']])
    },
  )
})

describe('a call that ends early', () => {
  test('#37558 because the stream broke off is counted by what arrived', async () => {
    const { said, heard, thrown } = await ask({ says: ['Ada was', BREAK] })
    expect([said, thrown?.code, heard.used]).toEqual([
      'Ada was',
      'unavailable',
      [[{ input: INPUT, output: 3 }, 'counted']],
    ])
  })

  test.each([
    ['goes away', Infinity, 1, 'cancelled'],
    ['stops reading', 1, Infinity, undefined],
  ] as const)(
    '#37140 because its caller %s ends the request to the provider, and is counted',
    async (_, stopAfter, leaveAfter, code) => {
      const { heard, thrown } = await ask({ says: ['Ada was', HANG] }, stopAfter, leaveAfter)
      expect([thrown?.code, heard.used]).toEqual([code, [[{ input: INPUT, output: 3 }, 'counted']]])
      await expect.poll(() => server.left()).toBe(1)
    },
  )

  test('because the provider does not answer in time has cost nobody knows what: nothing is said', async () => {
    const { heard, thrown } = await ask({ says: [HANG] })
    expect(thrown?.reason).toBe('provider_timeout')
    expect(heard).toEqual({ sent: 1, used: [] })
  })
})

describe('a refusal', () => {
  test.each([400, 401, 404, 413, 429, 500, 503])('with status %i has cost nothing', async status => {
    const { heard, thrown } = await ask({ refuses: status, retryAfter: '60' })
    expect(thrown).toMatchObject({ code: 'unavailable' })
    expect([heard.sent > 0, heard.used]).toEqual([true, [[{}, 'provider']]])
  })

  test.each([408, 502, 504, 520, 524])('of a gateway (%i) may have cost: nothing is said', async status => {
    const { heard } = await ask({ refuses: status })
    expect(heard).toEqual({ sent: 1, used: [] })
  })

  test('for being busy is waited for, as long as it says', async () => {
    const { said, heard } = await ask(at => (at === 0 ? { refuses: 429, retryAfter: '0' } : { usage }))
    expect([said, server.asked.length, heard.used.length]).toEqual(['Hello.', 2, 1])
  })
})

test('nothing leaves when whoever pays does not let it', async () => {
  server = await openScriptedModel(() => ({ usage }))
  const models = languageModels({
    standard: 'extractive',
    ollamaUrl: undefined,
    anthropic: undefined,
    openai: { baseUrl: server.url, apiKey: undefined },
    deadlineMs: 1_000,
  })
  const meter = { sent: () => Promise.reject(new Error('the hold ended')), used: () => undefined }
  const { signal } = new AbortController()
  const stream = models
    .open('openai:m')
    .stream({ system: SYSTEM, prompt: PROMPT, maxOutput: 9, signal, meter })
  await expect(async () => {
    for await (const part of stream) expect(part).toBeUndefined()
  }).rejects.toMatchObject({ code: 'unavailable' })
  expect(server.asked).toEqual([])
})

test.each([
  'ollama:LLAMA3.2',
  'ollama:llama3.2:latest',
  'ollama:library/llama3.2',
  'ollama:registry.ollama.ai/library/llama3.2:Latest',
])('BU03 %s is no way around the price and the budget of ollama:llama3.2', async name => {
  server = await openScriptedModel(() => ({}))
  const { open } = languageModels({
    standard: 'extractive',
    ollamaUrl: server.url,
    anthropic: undefined,
    openai: undefined,
    deadlineMs: 1_000,
  })
  expect(() => open(name)).toThrow(/Write the model as ollama:llama3.2:/)
  expect(open('ollama:llama3.2').name).toBe('ollama:llama3.2')
  expect(open('ollama:llama3.2:1b').name).toBe('ollama:llama3.2:1b')
})

test.each(['gpt-4', 'openai:', 'other:gpt-4', 'extractive', 'ollama:llama3.2', 'anthropic:x'])(
  'there is no model %j where only OpenAI is set up',
  async name => {
    server = await openScriptedModel(() => ({}))
    const models = languageModels({
      standard: 'extractive',
      ollamaUrl: undefined,
      anthropic: undefined,
      openai: { baseUrl: server.url, apiKey: undefined },
      deadlineMs: 1_000,
    })
    expect(() => models.open(name)).toThrow(Fault)
    expect(models.available()).toEqual(['openai:<model>'])
  },
)
