import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countTokens } from './tokens.ts'

test('letters count by five, other alphabets by three, digits by three, the rest each', () => {
  const counts = {
    '': 0,
    the: 1,
    notify: 2,
    'don’t stop.': 5,
    'Größe naïve cafe\u0301': 3,
    договор: 3,
    '1234 12': 3,
    文書管理: 4,
    かなカナ: 4,
    '문서 관리': 4,
    '👍👩‍👩': 4,
    '---': 3,
    'a_b(c)': 6,
  }
  for (const [text, tokens] of Object.entries(counts)) expect(countTokens(text), text).toBe(tokens)
})

test('one space is free, white space without end is not', () => {
  expect(countTokens('a b\n\nc')).toBe(3)
  expect(countTokens('\n'.repeat(160))).toBe(10)
})

test('no text has fewer tokens than a sixteenth of its length, but for the space in between', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
      const tokens = countTokens(text)
      expect(tokens).toBeLessThanOrEqual(text.length)
      expect(tokens).toBeGreaterThanOrEqual(Math.floor(text.length / 21))
    }),
    { numRuns: 50 },
  )
})

test('a text cut at a space has as many tokens as its parts', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1 }).map(word => `x${word.trim()}`)),
      words => {
        const apart = words.reduce((sum, word) => sum + countTokens(word), 0)
        expect(countTokens(words.join(' '))).toBe(apart)
      },
    ),
  )
})

test('English prose is near what the usual tokenizers count: four letters to a token', () => {
  const prose =
    'The controller shall notify the supervisory authority of a personal data breach without undue delay and, where ' +
    'feasible, not later than 72 hours after having become aware of it, unless the breach is unlikely to result in a risk.'
  expect(prose.length / countTokens(prose)).toBeGreaterThan(3.3)
  expect(prose.length / countTokens(prose)).toBeLessThan(5)
})
