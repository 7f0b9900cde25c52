import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { highlight, phraseWords } from './highlight.ts'

/** What is highlighted, when each word's terms are those given, or else the word itself. */
function marked(
  content: string,
  terms: readonly string[],
  { made = {}, phrases = [] }: { made?: Record<string, string[]>; phrases?: string[] } = {},
): string[] {
  return highlight(content, {
    terms: new Set(terms),
    termsOf: word => made[word] ?? [word],
    patterns: phrases.map(phraseWords),
  }).map(({ start, end }) => content.slice(start, end))
}
const phrase = (content: string, ...phrases: string[]) => marked(content, [], { phrases })

describe('words', () => {
  test('are highlighted where one of their terms is the query’s', () => {
    const made = { machines: ['machin'], machine: ['machin'], learning: ['learn'] }
    expect(marked('Machines, a machine; learning', ['machin'], { made })).toEqual(['Machines', 'machine'])
    expect(marked('Machines', ['machines'], { made })).toEqual([])
  })
  test('inside of a piece count when the piece has the term, too', () => {
    const made = {
      'data-driven': ['data', 'driven', 'data-driven'],
      'example.com': ['example.com'],
    }
    expect(marked('is data-driven', ['driven'], { made })).toEqual(['driven'])
    expect(marked('is data-driven', ['data', 'data-driven', 'driven'], { made })).toEqual(['data-driven'])
    expect(marked('at example.com', ['example'], { made })).toEqual([])
    expect(marked('at (example.com).', ['example.com', 'example'], { made })).toEqual(['example.com'])
  })
  test('keep their offsets behind what folding makes longer or shorter', () => {
    const content = 'ﬁﬃ ㎏ 😀 Ha\u0308user ＡＢＣ İİ ½ end'
    expect(marked(content, ['end'])).toEqual(['end'])
    expect(marked(content, ['ha\u0308user'.normalize('NFC'), 'abc'])).toEqual(['Ha\u0308user', 'ＡＢＣ'])
    expect(marked(content, ['fiffi'])).toEqual(['ﬁﬃ'])
  })
})

describe('phrases', () => {
  test('are one range across what stands between their words', () => {
    expect(phrase('a DATA\n  breach. Data, breach; data', 'data breach')).toEqual([
      'DATA\n  breach',
      'Data, breach',
    ])
    expect(phrase('Rule 10b‑5 and rule 10b 5', 'Rule 10b-5')).toEqual(['Rule 10b‑5', 'rule 10b 5'])
  })
  test('are not found across other words, parts of words or a wide gap', () => {
    expect(phrase('data of breach, database breach, data breaches', 'data breach')).toEqual([])
    expect(phrase(`data${'.'.repeat(12)}breach`, 'data breach')).toHaveLength(1)
    expect(phrase(`data${'.'.repeat(13)}breach`, 'data breach')).toEqual([])
    expect(phrase(`data${'😀'.repeat(12)}breach`, 'data breach')).toHaveLength(1)
  })
  test('of a case are found however its names are set against each other', () => {
    const text = 'Smith v. Jones, SMITH VS JONES, Smith versus Jones, Smith Jones'
    expect(phrase(text, 'Smith v. Jones')).toEqual(['Smith v. Jones', 'SMITH VS JONES', 'Smith versus Jones'])
  })
  test('with § are found with it alone', () => {
    expect(phrase('§ 5, § 15, 5 and §5', '§ 5')).toEqual(['§ 5', '§5'])
    expect(phrase('§ 4, 5', '§ 5')).toEqual([])
  })
  test('tell C++ from C', () => {
    expect(phrase('C and C++ code', 'C++ code')).toEqual(['C++ code'])
    expect(phrase('C code', 'C++ code')).toEqual([])
    expect(phrase('C++', 'C')).toEqual(['C'])
  })
  test('of no word are nowhere', () => {
    expect(phrase('a §', '—', '§', '')).toEqual([])
  })
  test('and words that overlap become one range', () => {
    expect(marked('the data breach act', ['breach', 'act'], { phrases: ['data breach'] })).toEqual([
      'data breach',
      'act',
    ])
  })
})

test('ranges of any text are sorted, apart, in it, and a hundred at most', () => {
  const word = fc.constantFrom('a', 'b', 'ﬁ', '😀', 'a-b', '§', '\u0301', 'İ', 'v', 'a+', '.')
  fc.assert(
    fc.property(fc.array(word, { maxLength: 400 }), fc.constantFrom('', ' '), (words, between) => {
      const content = words.join(between)
      const found = highlight(content, {
        terms: new Set(['a', 'fi']),
        termsOf: one => one.split('-'),
        patterns: [
          ['a', 'b'],
          ['§', 'a'],
          ['a', 'v', 'a'],
        ],
      })
      expect(found.length).toBeLessThanOrEqual(100)
      for (const [at, { start, end }] of found.entries()) {
        expect(start).toBeGreaterThan(found[at - 1]?.end ?? -1)
        expect(end).toBeGreaterThan(start)
        expect(end).toBeLessThanOrEqual(content.length)
        expect(content.slice(start, end).isWellFormed()).toBe(true)
      }
    }),
  )
})

test('of more than a hundred places the first are highlighted', () => {
  const found = highlight('word and '.repeat(300), {
    terms: new Set(['word']),
    termsOf: word => [word],
    patterns: [],
  })
  expect(found).toHaveLength(100)
  expect(found.at(-1)).toEqual({ start: 99 * 9, end: 99 * 9 + 4 })
})
