import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { boundsOf } from '../bounds.ts'
import { costOf } from '../usage.ts'
import { LIST_VERSION, listedPrice } from './listed-prices.ts'
import { withFallbacks } from './with-fallbacks.ts'

const usd = (amount: number) => BigInt(Math.round(amount * 1_000)) * 1_000_000n
const NOW = new Date('2026-11-21')

describe('the published list', () => {
  test('is of the version that bills name', async () => {
    const manifest = new URL('../../../../node_modules/@pydantic/genai-prices/package.json', import.meta.url)
    expect((JSON.parse(await readFile(manifest, 'utf8')) as { version: string }).version).toBe(LIST_VERSION)
  })

  test('has the price of a model by its exact name, to the nano', async () => {
    expect(await listedPrice('openai', 'gpt-4o-mini')).toEqual({
      input: usd(0.15),
      cached_input: usd(0.075),
      output: usd(0.6),
    })
    expect(await listedPrice('openai', 'gpt-4o-2024-05-13')).toEqual({ input: usd(5), output: usd(15) })
    expect(await listedPrice('anthropic', 'claude-haiku-4-5-20251001', NOW)).toEqual({
      input: usd(1),
      cached_input: usd(0.1),
      cache_write: usd(1.25),
      output: usd(5),
    })
    expect(await listedPrice('openai', 'text-embedding-3-small')).toEqual({ input: usd(0.02) })
  })

  test.each([
    ['openai', 'gpt-999'],
    // Each search they make is billed besides the tokens.
    ['openai', 'gpt-4o-search-preview'],
    ['openai', 'gpt-4o-mini-search-preview-2025-03-11'],
    ['openai', 'o3-deep-research'],
    ['openai', 'gpt-4 '],
    ['openai', ' gpt-4'],
    ['openai', 'GPT-4'],
    ['openai', 'gpt-4*'],
    ['openai', '*'],
    ['openai', ''],
    ['openai', 'gpt-5-nano-of-mine'],
    ['openai', 'gpt-4o-realtime-of-mine'],
    ['openai', 'my-moderation'],
    ['openai', 'gpt-4o-2031-01-01'],
    ['openai', 'whisper-1'],
    ['openai', 'claude-haiku-4-5'],
    ['anthropic', 'claude-3-haiku-of-mine'],
    ['anthropic', 'claude-haiku-4-5-latest'],
    ['anthropic', 'claude-2-99'],
    ['anthropic', 'claude-haiku-4-5-20251001 '],
    ['anthropic', 'gpt-4'],
  ] as const)('BU03 has none of a model it only resembles: %s "%s"', async (publisher, name) => {
    expect(await listedPrice(publisher, name)).toBeUndefined()
  })

  test('litellm PR#40002 of a rate that rises with the request the dearest step counts, so a hold is never too small', async () => {
    const perMillion = withFallbacks((await listedPrice('openai', 'gpt-5.4')) ?? {})
    expect(perMillion).toMatchObject({ input: usd(5), cached_input: usd(0.5), output: usd(22.5) })
    // What the provider bills for 300,000 tokens in and 10,000 out, beyond its step at 272,000.
    const billed = costOf({ input: 300_000, output: 10_000 }, { input: usd(5), output: usd(22.5) })
    const { most } = boundsOf({ most: { input: 300_000 }, output: { least: 1, most: 10_000 } }, perMillion)
    expect(most).toBeGreaterThanOrEqual(billed)
  })

  test('a price that begins one day holds from that day on, and until then the one before', async () => {
    expect((await listedPrice('openai', 'o3', new Date('2025-06-09')))?.input).toBe(usd(10))
    expect((await listedPrice('openai', 'o3', new Date('2025-06-11')))?.input).toBe(usd(2))
  })
})

test('litellm#29145 cached tokens and reasoning have a price where none of their own is set; output has no stand-in', () => {
  expect(withFallbacks({ input: 3n, output: 5n })).toEqual({
    input: 3n,
    cached_input: 3n,
    cache_write: 3n,
    output: 5n,
    reasoning: 5n,
    embedding: 3n,
  })
  expect(withFallbacks({ input: 3n, cached_input: 0n })).toMatchObject({ cached_input: 0n })
  expect(withFallbacks({ input: 3n })).not.toHaveProperty('output')
  expect(withFallbacks({ rerank: 1n })).toEqual({ rerank: 1n })
})
