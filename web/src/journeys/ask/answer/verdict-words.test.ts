import { expect, test } from 'vitest'
import type { Checked, CitationState } from './checked.ts'
import { verdictWords } from './verdict-words.ts'

const source = (state: CitationState) => ({
  n: 1,
  docId: 'd',
  version: 1,
  title: 't',
  page: undefined,
  start: 0,
  end: 1,
  quote: 'q',
  state,
})
const checked = (verified: boolean | undefined, states: CitationState[], unsupported = 0): Checked => ({
  verified,
  sources: states.map(source),
  unsupported: Array.from({ length: unsupported }, () => ({ state: 'unknown', text: 'x', n: undefined })),
})

test.each([
  [checked(undefined, ['checking']), false, 'Citations are checked when it is complete.'],
  [checked(undefined, []), true, 'Its citations were not checked.'],
  [checked(true, ['verified']), true, 'Its citation was verified'],
  [checked(true, ['verified', 'verified']), true, 'Both citations were verified'],
  [checked(true, ['verified', 'verified', 'verified']), true, 'All 3 citations were verified'],
  [checked(false, []), true, 'Not verified: it cites nothing'],
  [checked(false, ['moved', 'verified']), true, 'Not verified: 1 of 2 citations does not hold'],
  [checked(false, ['verified'], 1), true, 'Not verified: 1 quote or reference has no such source'],
] as const)('%#', (answer, isOver, words) => {
  expect(verdictWords(answer, isOver)).toBe(words)
})

test('what is not said to be verified is never called so, whatever its citations are', () => {
  expect(verdictWords(checked(false, ['verified', 'verified'], 2), true)).toMatch(/^Not verified/)
})
