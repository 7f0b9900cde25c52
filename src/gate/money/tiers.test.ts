import { describe, expect, test } from 'vitest'
import type { Reader, Statement } from '../../platform/db/database.ts'
import { onWire } from '../../platform/db/statements.ts'
import { allowsModel, tiers } from './tiers.ts'

describe('which models a tier allows', () => {
  test.each([
    ['*', 'openai:gpt-4', true],
    ['*', 'llama3.2', true],
    ['openai:gpt-4', 'openai:gpt-4', true],
    ['gpt-4', 'openai:gpt-4', true],
    ['gpt-4', 'gpt-4', true],
    ['ollama:*', 'ollama:llama3.2', true],
    ['llama3.2:1b', 'ollama:llama3.2:1b', true],
    ['openai:gpt-4', 'azure:gpt-4', false],
    ['openai:gpt-4', 'gpt-4', false],
    ['gpt-4', 'openai:gpt-4o', false],
    ['gpt-4', 'openai:gpt-4 ', false],
    ['gpt-4', 'openai:GPT-4', false],
    ['gpt-*', 'openai:gpt-4', false],
    ['ollama:*', 'openai:llama3.2', false],
    ['ollama:*', 'llama3.2', false],
    ['llama3.2', 'ollama:llama3.2:70b', false],
    ['', 'openai:gpt-4', false],
  ])('"%s" and %s: %s', (entry, model, allowed) => {
    expect(allowsModel({ models: [entry] }, model)).toBe(allowed)
  })

  test('none of them where it names none', () => {
    expect(allowsModel({ models: [] }, 'ollama:llama3.2')).toBe(false)
  })
})

describe('the tier of a tenant', () => {
  const free = { id: 'free', name: 'Free', requests_per_minute: 10, models: ['llama3.2'] }
  const pro = { id: 'pro', name: 'Pro', requests_per_minute: null, models: ['*'] }
  const row = (tier: string, at: number, status = 'active') => ({
    id: 'acme',
    tier,
    status,
    changed_at: new Date(at),
  })
  const reading = async (book: ReturnType<typeof tiers>, all: unknown[], tenants: unknown[]) => {
    let since: Date | undefined
    const answer = async (statement: Statement): Promise<unknown[]> => {
      const { text, values = [] } = onWire(statement)
      if (text.includes('"tier" from')) since = new Date(String(values[0]))
      return text.includes('changed_at') ? tenants : all
    }
    await book.load({ all: answer } as unknown as Reader, 0)
    return since
  }

  test('is as it was read last: another tier, and another of its rows', async () => {
    const book = tiers()
    await reading(book, [free, pro], [row('free', 1)])
    expect(book.tierOf('acme')).toEqual({
      id: 'free',
      name: 'Free',
      requestsPerMinute: 10,
      models: ['llama3.2'],
    })
    await reading(book, [free, pro], [row('pro', 2)])
    expect(book.tierOf('acme')).toMatchObject({ id: 'pro', requestsPerMinute: null })
    await reading(book, [free, { ...pro, requests_per_minute: 7 }], [])
    expect(book.tierOf('acme')).toMatchObject({ id: 'pro', requestsPerMinute: 7 })
  })

  test('allows no model while nobody knows it', async () => {
    const book = tiers()
    expect(book.tierOf('acme')).toMatchObject({ requestsPerMinute: null, models: [] })
    await reading(book, [free], [row('free', 1)])
    await reading(book, [free], [row('free', 2, 'removing')])
    expect(book.tierOf('acme').models).toEqual([])
  })
})
