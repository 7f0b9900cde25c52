import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Fault } from '../platform/faults.ts'
import { defineOperation } from './operation.ts'
import { checkOutput, parseInput } from './parse-input.ts'

const operation = defineOperation({
  name: 'probe',
  title: 'Probe',
  description: 'For this test.',
  realm: 'tenant',
  access: 'read',
  scope: 'probe',
  input: z.strictObject({
    query: z.string().min(1).max(10),
    limit: z.int().min(1).max(50).default(10),
    weight: z.number().positive().optional(),
    count: z.int().min(1).optional(),
    ratio: z.number().lt(1).optional(),
    mode: z.enum(['a', 'b']).optional(),
    id: z.uuid().optional(),
    tags: z.array(z.string().min(2)).max(2).optional(),
    filter: z.strictObject({ from: z.int().min(3).max(4).optional() }).optional(),
    list: z.array(z.strictObject({ n: z.int().max(5) })).optional(),
  }),
  output: z.object({ title: z.string(), hits: z.array(z.object({ score: z.number() })) }),
  run: () => Promise.resolve({ title: '', hits: [] }),
})

const refusal = (raw: unknown): Fault => {
  try {
    parseInput(operation, raw)
  } catch (error) {
    return error as Fault
  }
  throw new Error('the input was accepted')
}

test('sound arguments come out with their defaults', () => {
  expect(parseInput(operation, { query: 'x' })).toStrictEqual({ query: 'x', limit: 10 })
})

describe('a wrong argument is named, with what would be right', () => {
  test.each<[raw: unknown, field: string, message: string]>([
    [undefined, 'query', 'query is required'],
    [null, 'query', 'query is required'],
    [{}, 'query', 'query is required'],
    ['x', '', 'arguments: invalid input: expected object, received string, got "x"'],
    [[], '', 'arguments: invalid input: expected object, received array'],
    [{ query: '' }, 'query', 'query must not be empty'],
    [{ query: 'x'.repeat(11) }, 'query', 'query must have at most 10 characters, got 11'],
    [{ query: 5 }, 'query', 'query: invalid input: expected string, received number, got 5'],
    [{ query: null }, 'query', 'query: invalid input: expected string, received null'],
    [{ query: 'x', limit: -1 }, 'limit', 'limit must be between 1 and 50, got -1'],
    [{ query: 'x', limit: 51 }, 'limit', 'limit must be between 1 and 50, got 51'],
    [{ query: 'x', limit: 1.5 }, 'limit', 'limit: invalid input: expected int, received number, got 1.5'],
    [{ query: 'x', limit: '5' }, 'limit', 'limit: invalid input: expected number, received string, got "5"'],
    [{ query: 'x', weight: 0 }, 'weight', 'weight must be more than 0, got 0'],
    [{ query: 'x', count: 0 }, 'count', 'count must be at least 1, got 0'],
    [{ query: 'x', ratio: 1 }, 'ratio', 'ratio must be less than 1, got 1'],
    [{ query: 'x', mode: 'c' }, 'mode', 'mode: invalid option: expected one of "a"|"b", got "c"'],
    [{ query: 'x', id: 'no' }, 'id', 'id: invalid UUID, got "no"'],
    [{ query: 'x', tags: ['aa', 'b'] }, 'tags.1', 'tags.1 must have at least 2 characters, got 1'],
    [{ query: 'x', tags: ['aa', 'bb', 'cc'] }, 'tags', 'tags must have at most 2 entries, got 3'],
    [{ query: 'x', filter: { from: 9 } }, 'filter.from', 'filter.from must be between 3 and 4, got 9'],
    [{ query: 'x', list: [{ n: 1 }, { n: 6 }] }, 'list.1.n', 'list.1.n must be at most 5, got 6'],
    [
      { query: 'x', admin: true },
      'admin',
      'unknown argument "admin"; known: query, limit, weight, count, ratio, mode, id, tags, filter, list',
    ],
    [{ query: 'x', filter: { to: 1 } }, 'filter.to', 'unknown argument "filter.to"; known: from'],
    [
      JSON.parse('{"query":"x","__proto__":{"limit":5}}'),
      '__proto__',
      'unknown argument "__proto__"; known: query, limit, weight, count, ratio, mode, id, tags, filter, list',
    ],
  ])('%j', (raw, field, message) => {
    expect(refusal(raw)).toMatchObject({ code: 'invalid_input', say: message, issues: [{ field, message }] })
  })

  test('several are named together', () => {
    const { say, issues } = refusal({ query: '', limit: 0, a: 1, b: 2 })
    expect(issues.map(({ field }) => field)).toStrictEqual(['query', 'limit', 'a', 'b'])
    expect(say.split('; ').filter(part => !part.startsWith('known'))).toHaveLength(4)
  })
})

describe('an answer does not outgrow its question', () => {
  test('a long value is cut', () => {
    const { say } = refusal({ query: 'x', id: 'y'.repeat(100_000) })
    expect(say).toBe(`id: invalid UUID, got "${'y'.repeat(60)}…"`)
  })

  test('a long name is cut', () => {
    const { say, issues } = refusal({ query: 'x', ['k'.repeat(100_000)]: 1 })
    expect(say.length).toBeLessThan(200)
    expect(issues[0]?.field.length).toBeLessThan(70)
  })

  test('of 10,000 unknown arguments, and of 10,000 bad entries, eight are named and the rest is counted', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`k${n}`, n]))
    const list = Array.from({ length: 10_000 }, () => ({ n: 9 }))
    for (const raw of [
      { query: 'x', ...many },
      { query: 'x', list },
    ]) {
      const { say, issues } = refusal(raw)
      expect(issues).toHaveLength(8)
      expect(say).toMatch(/; and 9992 more$/)
      expect(say.length).toBeLessThan(2_000)
    }
  })
})

describe('what leaves', () => {
  test('is exactly the declared fields, at every depth', () => {
    const result = { title: 'x', tenant_id: 'secret', hits: [{ score: 1, embedding: [1] }] }
    expect(checkOutput(operation, result)).toStrictEqual({ title: 'x', hits: [{ score: 1 }] })
  })

  test('an operation that breaks its schema is our fault: the caller learns nothing of it, the log does', () => {
    const checked = () => checkOutput(operation, { title: 5, hits: [] })
    expect(checked).toThrow(
      expect.objectContaining({
        code: 'internal',
        say: 'Something went wrong on our side. It has been logged under the request id.',
        message: expect.stringContaining('probe broke its output schema') as string,
      }),
    )
  })
})
