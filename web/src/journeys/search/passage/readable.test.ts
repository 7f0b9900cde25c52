import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { excerpt } from './excerpt.ts'
import { readable } from './readable.ts'

const shown = (source: string) => readable(source, []).text

describe('the marks of Markdown are left out', () => {
  test.each([
    ['## Article 17 ##\n\nText', 'Article 17\nText'],
    [
      'a **bold** and *slanted* and __strong__ and _low_ ~~gone~~ word',
      'a bold and slanted and strong and low gone word',
    ],
    ['- one\n* two\n  + three\n1. four', '• one\n• two\n  • three\n1. four'],
    ['> quoted\n> > twice', 'quoted\ntwice'],
    ['see [the act](https://a.test/x_(y)_z "title") and ![a chart](c.png)', 'see the act and a chart'],
    ['| Cap | EUR |\n|---|:--:|\n| one | 5 |', 'Cap · EUR \n one · 5'],
    [
      'run `a **b** c` now\n```js\n**kept** # as it is\n```\nend',
      'run a **b** c now\njs\n**kept** # as it is\nend',
    ],
    ['Title\n=====\ntext\n\n---\n\nmore', 'Title\ntext\nmore'],
    ['a \\*star\\* and 1\\. point', 'a *star* and 1. point'],
  ])('%j', (source, text) => expect(shown(source)).toBe(text))

  test.each([
    '2 * 3 * 4',
    'snake_case_name',
    'a ** b',
    '#hashtag',
    'x[0](',
    '5 - 3',
    'C:\\Users',
    '<b>bold</b>',
  ])('%j stands as it is', source => expect(shown(source)).toBe(source))
})

const mark = fc.constantFrom(
  '**',
  '*',
  '_',
  '__',
  '`',
  '~~',
  '# ',
  '- ',
  '> ',
  '|',
  '[',
  '](x)',
  '\\',
  '\n',
  ' ',
  '```\n',
)
const word = fc.stringMatching(/^[a-z😀ä]{1,6}$/u)
const piece = fc.oneof(word, mark)
const marked = fc.array(fc.record({ text: piece, isMarked: fc.boolean() }), { maxLength: 40 }).map(pieces => {
  let source = ''
  const ranges: { start: number; end: number }[] = []
  for (const { text, isMarked } of pieces) {
    if (isMarked) ranges.push({ start: source.length, end: source.length + text.length })
    source += text
  }
  return { source, ranges }
})

/** A letter for letter part of another, in order. */
const isWithin = (part: string, whole: string): boolean => {
  let at = 0
  for (const letter of part) {
    at = whole.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

describe('whatever a document holds', () => {
  test('nothing is added but bullets and dots, and no letter outside of links is lost', () => {
    fc.assert(
      fc.property(marked, ({ source }) => {
        const { text } = readable(source, [])
        expect(isWithin(text.replaceAll(/[•·]/g, ''), source)).toBe(true)
        if (!source.includes('](')) expect(text.match(/\p{L}/gu) ?? []).toEqual(source.match(/\p{L}/gu) ?? [])
      }),
    )
  })
  test('what was marked stays marked, and nothing else', () => {
    fc.assert(
      fc.property(marked, ({ source, ranges }) => {
        const passage = readable(source, ranges)
        let from = 0
        for (const { start, end } of passage.ranges) {
          expect(start).toBeGreaterThanOrEqual(from)
          expect(end).toBeGreaterThan(start)
          from = end
        }
        expect(from).toBeLessThanOrEqual(passage.text.length)
        const letters = (text: string, of: readonly { start: number; end: number }[]) =>
          of.flatMap(({ start, end }) => text.slice(start, end).match(/[a-wyzä😀]/gu) ?? []).join('')
        expect(letters(passage.text, passage.ranges)).toBe(letters(source, ranges))
      }),
    )
  })
  test('an excerpt is a part of it, and its marks are those of that part', () => {
    fc.assert(
      fc.property(fc.array(marked, { minLength: 1, maxLength: 60 }), parts => {
        const text = parts.map(({ source }) => source).join(' ')
        let at = 0
        const ranges = parts.flatMap(({ source, ranges: own }) => {
          const from = at
          at += source.length + 1
          return own.map(({ start, end }) => ({ start: start + from, end: end + from }))
        })
        const part = excerpt({ text, ranges })
        expect(text).toContain(part.text)
        expect(part.isCutBefore || part.isCutAfter).toBe(part.text !== text)
        expect(part.text.length).toBeLessThanOrEqual(600)
        expect(part.text.split('\n').length).toBeLessThanOrEqual(9)
        if (ranges.length > 0) expect(part.ranges.length).toBeGreaterThan(0)
        for (const { start, end } of part.ranges) {
          expect(start).toBeGreaterThanOrEqual(0)
          expect(end).toBeLessThanOrEqual(part.text.length)
          expect(end).toBeGreaterThan(start)
        }
      }),
    )
  })
})
