import { describe, expect, test } from 'vitest'
import type { Database, Reader } from '../../../platform/db/database.ts'
import { asFault } from '../../../platform/faults.ts'
import type { Publisher } from './listed-prices.ts'
import { priceBook } from './price-book.ts'
import { publishersAt } from './publishers.ts'

interface Row {
  readonly source: string
  readonly id: string
  readonly per_million: Record<string, number>
}
const row = (source: string, input: number): Row => ({ source, id: `of-${source}`, per_million: { input } })
const file = { version: 'file:0123456789ab', prices: new Map([['gpt-4o', { input: 7n }]]) }

/** A book over a database that has these rows for whichever model is asked; it counts the questions. */
function bookOf(rows: Row[], options: { file?: typeof file; publishers?: ReadonlySet<Publisher> } = {}) {
  const counted = { asked: 0 }
  const tx = { all: async () => (counted.asked++, rows) } as unknown as Reader
  const database = { readAs: (_scope, fn) => fn(tx) } as Pick<Database, 'readAs'>
  const book = priceBook({ database, publishers: new Set<Publisher>(['openai', 'anthropic']), ...options })
  const versionOf = async (model: string) =>
    book.priceOf('acme', model).then(
      price => price.version,
      (error: unknown) => asFault(error).reason,
    )
  return { book, counted, versionOf }
}

describe('where a price is from', () => {
  test('the tenant, then the operator, the file, the published list, the seed: the first that knows', async () => {
    const all = ['tenant', 'operator', 'seed'].map(source => row(source, 1))
    const asked = (rows: Row[], options = {}) => bookOf(rows, options).versionOf('openai:gpt-4o')
    expect(await asked(all, { file })).toBe('tenant:of-tenant')
    expect(await asked(all.slice(1), { file })).toBe('operator:of-operator')
    expect(await asked(all.slice(2), { file })).toBe('file:0123456789ab')
    expect(await asked(all.slice(2))).toBe('genai-prices:0.1.8')
    expect(await bookOf(all.slice(2)).versionOf('openai:of-nobody')).toBe('seed:of-seed')
  })

  test.each([
    'openai:gpt-999',
    'gpt-999',
    'gpt-4o',
    'openai:gpt-4o ',
    ' openai:gpt-4o',
    'openai:gpt-4o\n',
    'OPENAI:gpt-4o',
    'openai:GPT-4o',
    'openai:*',
    '*',
    'ollama:*',
    'openai:gpt-4?',
    'ollama:llama3.2 ',
    '',
  ])('BU03 nobody knows %j: price_unknown, never nothing', async model => {
    expect(await bookOf([]).versionOf(model)).toBe('price_unknown')
  })

  test('models of one’s own Ollama and TEI are free until somebody sets a price', async () => {
    const { book } = bookOf([])
    expect(await book.priceOf('acme', 'ollama:qwen3')).toMatchObject({
      version: 'free:ollama',
      perMillion: { input: 0n, output: 0n, embedding: 0n },
    })
    expect(await bookOf([]).versionOf('tei:bge')).toBe('free:tei')
    expect(await bookOf([row('operator', 5)]).versionOf('ollama:qwen3')).toBe('operator:of-operator')
    expect(await bookOf([row('seed', 5)]).versionOf('ollama:llama3.2')).toBe('seed:of-seed')
  })

  test('at a foreign address a model has only prices that somebody here set, whatever it is called', async () => {
    const publishers = publishersAt({ openai: 'https://llm.example.com/v1', anthropic: undefined })
    const asked = (rows: Row[], options = {}) =>
      bookOf(rows, { publishers, ...options }).versionOf('openai:gpt-4o')
    expect(await asked([row('seed', 1)])).toBe('price_unknown')
    expect(await asked([row('seed', 1)], { file })).toBe('file:0123456789ab')
    expect(await asked([row('operator', 1)])).toBe('operator:of-operator')
    expect(await bookOf([], { publishers }).versionOf('anthropic:claude-haiku-4-5')).toBe(
      'genai-prices:0.1.8',
    )
    expect(
      publishersAt({ openai: 'https://api.openai.com/v1', anthropic: 'https://api.anthropic.com.evil.test' }),
    ).toEqual(new Set(['openai']))
  })

  test('BU11 a second of calls asks the database once; after a change in this process the next one asks again', async () => {
    const { book, counted } = bookOf([row('operator', 1)])
    await Promise.all([book.priceOf('acme', 'm'), book.priceOf('acme', 'm')])
    await book.priceOf('acme', 'm')
    expect(counted.asked).toBe(1)
    book.forget()
    await book.priceOf('acme', 'm')
    await book.priceOf('globex', 'm')
    expect(counted.asked).toBe(3)
  })
})
