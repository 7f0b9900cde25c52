import { expect, test } from 'vitest'
import { reportedUsage } from './reported-usage.ts'

const of = (
  [total, noCache, cacheRead, cacheWrite]: (number | undefined)[],
  [out, reasoning]: (number | undefined)[],
) =>
  reportedUsage({
    inputTokens: { total, noCache, cacheRead, cacheWrite },
    outputTokens: { total: out, reasoning },
  })

test('BU05 no token is in two components, whether a provider tells parts or totals', () => {
  // OpenAI's way: what was cached is part of what went in.
  expect(of([100, 20, 80, undefined], [30, 12])).toEqual({
    input: 20,
    cached_input: 80,
    cache_write: 0,
    output: 18,
    reasoning: 12,
  })
  // Anthropic's: it is not, and what was reasoned is not told.
  expect(of([175, 20, 80, 75], [30, undefined])).toEqual({
    input: 20,
    cached_input: 80,
    cache_write: 75,
    output: 30,
    reasoning: 0,
  })
  expect(of([100, undefined, 80, undefined], [1, 0])).toMatchObject({ input: 20, cached_input: 80 })
})

test('nothing said, or nothing used, is no report', () => {
  expect(of([undefined, undefined, undefined, undefined], [undefined, undefined])).toBeUndefined()
  expect(of([0, 0, 0, undefined], [0, 0])).toBeUndefined()
})
