import { expect, test } from 'vitest'
import { mostTokens } from './meter.ts'

test('a text that a tokenizer writes out before it reads it is bounded as it is written out', () => {
  expect(mostTokens('abc', 'é')).toBe(5)
  // One character of three bytes; four Arabic words of 18 letters (NFKC).
  expect(mostTokens('\uFDFA')).toBeGreaterThanOrEqual(18)
})
