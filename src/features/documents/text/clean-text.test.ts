import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanText, textCleaner, warningsOf, type Removed } from './clean-text.ts'

const none: Removed = { controls: 0, surrogates: 0, bidi: 0, hidden: 0 }
const codes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at)).join('')

const trouble = fc.constantFrom(
  '\0',
  '\u009f',
  '\f',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\u00ad',
  '\ud83d',
  '\ude00',
  '😀',
  '\udb40',
  '\u{e0041}',
  '\u{e0100}',
  'a\u200db',
  'text ',
  '\r\n',
  'é',
)
const texts = fc
  .array(fc.oneof(trouble, fc.string({ unit: 'binary' })), { maxLength: 40 })
  .map(all => all.join(''))

describe('IN10 what is removed', () => {
  const table: [name: string, text: string, clean: string, removed: Partial<Removed>][] = [
    [
      'controls',
      `a${codes(0, 8)}${codes(0xe, 0x1f)}${codes(0x7f, 0x84)}${codes(0x86, 0x9f)}b`,
      'ab',
      { controls: 59 },
    ],
    ['bidi', `a${codes(0x202a, 0x202e)}${codes(0x2066, 0x2069)}\u200e\u200f\u061cb`, 'ab', { bidi: 12 }],
    [
      'zero-width',
      `a\u200b${codes(0x2060, 0x2064)}\ufeff\u00adb${codes(0xfff9, 0xfffb)}`,
      'ab',
      { hidden: 11 },
    ],
    ['tags', `a${codes(0xe0000, 0xe007f)}b`, 'ab', { hidden: 128 }],
    ['variation selectors', `a${codes(0xfe00, 0xfe0d)}${codes(0xe0100, 0xe01ef)}b`, 'ab', { hidden: 254 }],
    ['flags made of tags', '🏴\u{e0067}\u{e0062}\u{e007f}', '🏴', { hidden: 3 }],
    ['halves of pairs', '\ud83da\ude00', '\ufffda\ufffd', { surrogates: 2 }],
    ['what would join to a pair', '\ud83d\u200b\ude00', '\ufffd\ufffd', { surrogates: 2, hidden: 1 }],
  ]
  test.each(table)('%s', (_, text, clean, removed) => {
    expect(cleanText(text)).toEqual({ text: clean, removed: { ...none, ...removed } })
  })
})

describe('what is kept', () => {
  test('tab, newline, carriage return, joiners, the choice of emoji, letters and emoji beyond the first plane', () => {
    const text =
      'a\tb\r\nc می\u200cخواهم 👩\u200d👩\u200d👧 ❤\ufe0f ☎\ufe0e é e\u0301 𠮷 \u00a0\u2028\u{e01f0}'
    expect(cleanText(text)).toEqual({ text, removed: none })
  })
  test('vertical tab, form feed and NEL become newlines, without a word', () => {
    expect(cleanText('one\ftwo\vthree\u0085four')).toEqual({ text: 'one\ntwo\nthree\nfour', removed: none })
  })
})

test('a text cleaned in pieces is the text cleaned whole, wherever it is split', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.nat(), { maxLength: 10 }), (text, places) => {
      const ends = [...places.map(place => place % (text.length + 1)).toSorted((a, b) => a - b), text.length]
      const cleaner = textCleaner()
      const pieces = ends.map((end, at) => cleaner.push(text.slice(at === 0 ? 0 : ends[at - 1], end)))
      expect({ text: pieces.join('') + cleaner.end(), removed: cleaner.removed }).toEqual(cleanText(text))
    }),
  )
})

test('a clean text is well-formed, and clean', () => {
  fc.assert(
    fc.property(texts, text => {
      const clean = cleanText(text).text
      expect(clean.isWellFormed()).toBe(true)
      expect(cleanText(clean)).toEqual({ text: clean, removed: none })
    }),
  )
})

test('pairs on the seams of blocks stay whole, and long runs of anything bad are removed', () => {
  const emoji = `a${'😀'.repeat(100_000)}`
  expect(cleanText(emoji).text).toBe(emoji)
  const bad = ['\0', '\u202e', '\u200b', '\u{e0041}', '\0\u202e\u200b']
  for (const unit of bad) expect(cleanText(`a${unit.repeat(300_000)}b`).text).toBe('ab')
  expect(cleanText('\ud83d'.repeat(300_000)).removed).toEqual({ ...none, surrogates: 300_000 })
})

test('a warning says in a sentence what was removed, and how much', () => {
  expect(warningsOf(none)).toEqual([])
  expect(warningsOf({ controls: 1, surrogates: 1, bidi: 3, hidden: 2 })).toEqual([
    '1 control character was removed',
    '1 half of a character was replaced by U+FFFD',
    '3 bidirectional control characters were removed',
    '2 hidden characters were removed',
  ])
})
