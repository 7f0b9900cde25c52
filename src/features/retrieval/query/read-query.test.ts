import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readQuery } from './read-query.ts'

const textsOf = (phrases: readonly { readonly text: string }[]) => phrases.map(({ text }) => text)
const phrasesOf = (raw: string) => textsOf(readQuery(raw).phrases)
const excludedOf = (raw: string) => textsOf(readQuery(raw).excluded)

describe('quotes', () => {
  test('in pairs make a phrase, and its words stay in the text', () => {
    expect(readQuery('a "data breach" notice')).toMatchObject({
      text: 'a data breach notice',
      phrases: [{ text: 'data breach' }],
    })
  })
  test.each(['“data breach”', '„data breach“', '«data breach»', '« data breach »', '＂data breach＂'])(
    '%s is one',
    raw => expect(phrasesOf(raw)).toEqual(['data breach']),
  )
  test('around one word ask for that word', () => expect(phrasesOf('"breaches"')).toEqual(['breaches']))
  test.each(['a "b', '5" pipe, 6" pipe', '"""', '""', '" - "', '"📎"', 'foo"bar"baz'])(
    'without a partner, or around no word, are characters: %s',
    raw => expect(readQuery(raw).phrases).toEqual([]),
  )
  test('after empty ones still make a phrase', () =>
    expect(phrasesOf('""data breach""')).toEqual(['data breach']))
})

describe('a minus', () => {
  test.each([
    ['contract -draft', ['draft'], 'contract'],
    ['-draft', ['draft'], ''],
    ['-"first draft" contract', ['first draft'], 'contract'],
    ['-well-known risks', ['well-known'], 'risks'],
    ['a -“b c” d', ['b c'], 'a d'],
  ])('%s excludes %j', (raw, excluded, text) => {
    expect(excludedOf(raw)).toEqual(excluded)
    expect(readQuery(raw).text).toBe(text)
  })
  test.each([
    '-5 °C',
    'well-known',
    'a - b',
    '--flag',
    '2019 –range',
    'R -v- Brown',
    '- - -',
    '"a -b"',
    'x -"',
  ])('is a character: %s', raw => expect(readQuery(raw).excluded).toEqual([]))
  test('and what it excludes is no citation', () =>
    expect(readQuery('fines -"Article 33" -INV-2024-0042').citations).toEqual([]))
})

test('what is over five of a kind is plain text', () => {
  const raw = Array.from({ length: 10 }, (_, at) => `"q${at}x" -e${at} § ${at}`).join(' ')
  const { text, phrases, excluded, citations } = readQuery(raw)
  expect([phrases.length, excluded.length, citations.length]).toEqual([5, 5, 5])
  expect(text).toMatch(/q0x .*q5x" -e5 .*q9x" -e9/)
})

test('a query without signs is its own text', () => {
  const raw = "what is the fee in '; drop table x; -- of 4,5 % (net)?"
  expect(readQuery(raw)).toEqual({ text: raw, phrases: [], excluded: [], citations: [] })
})

const signs = fc.constantFrom(
  '"',
  '“',
  '”',
  '«',
  '-',
  ' -',
  ' ',
  '§',
  'v.',
  'vs',
  '10b-5',
  'Article 33',
  '(',
  ')',
  'né',
  '\n',
  '🔒',
  'שלום',
  '\u0301',
  'ﷺ',
)
const hostile = fc.oneof(
  fc
    .array(fc.oneof(signs, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 200 })
    .map(parts => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 500 }),
)

test('whatever is typed is read: no word is lost, none is invented, and patterns hold only what they escape', () => {
  const lettersOf = (text: string) => text.match(/[\p{L}\p{N}]/gu) ?? []
  fc.assert(
    fc.property(hostile, raw => {
      const { text, phrases, excluded, citations } = readQuery(raw)
      const all = lettersOf(raw).length
      const left = lettersOf(text).length
      const out = excluded.reduce((sum, phrase) => sum + lettersOf(phrase.text).length, 0)
      // Of very long ones the end is cut off the phrase.
      expect(left).toBeLessThanOrEqual(all)
      expect(left + out).toBeLessThanOrEqual(all)
      if (excluded.length === 0) expect(left).toBe(all)
      for (const { pattern } of [...phrases, ...excluded, ...citations]) {
        expect(
          pattern.replaceAll(
            /\[\^\[:alnum:\]\]\{\d,\d+\}|\(\?<?!\[\[:alnum:\]\]\)|\(\?:v\|vs\|versus\)|\[[+#]\]|^§/gu,
            '',
          ),
        ).toMatch(/^[\p{L}\p{M}\p{N}]+$/u)
      }
    }),
    { numRuns: 300 },
  )
})

test('five thousand words are read like five', () => {
  const raw = Array.from({ length: 5_000 }, (_, at) => `w${at}`).join(' ')
  expect(readQuery(raw).text).toBe(raw)
})
