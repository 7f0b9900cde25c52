import { describe, expect, test } from 'vitest'
import { excerpt, pageOf, wrapped } from './layout.ts'

const page = (width: number, isBold = false) => ({ width, isBold })
const marksOf = (content: string, ...words: string[]) =>
  words.map(word => ({ start: content.indexOf(word), end: content.indexOf(word) + word.length }))

describe('the page', () => {
  test('is as wide as the terminal, within bounds, and 100 columns elsewhere', () => {
    const widthOf = (columns: number | undefined, isTTY = true) =>
      pageOf({ isTTY, ...(columns === undefined ? {} : { columns }) }).width
    expect([widthOf(80), widthOf(500), widthOf(5), widthOf(0), widthOf(undefined)]).toEqual([
      80, 120, 30, 100, 100,
    ])
    expect(widthOf(80, false)).toBe(100)
  })
  test('is bold on a terminal that has colours, and nowhere else', () => {
    expect(pageOf({ isTTY: true, hasColors: () => true }).isBold).toBe(true)
    expect(pageOf({ isTTY: true, hasColors: () => false }).isBold).toBe(false)
    expect(pageOf({ hasColors: () => true }).isBold).toBe(false)
  })
})

describe('wrapping', () => {
  test('breaks between words, and within one that is longer than a line', () => {
    expect(wrapped('one two three', page(9), '  ', '1 ')).toEqual(['1 one two', '  three'])
    expect(wrapped('a abcdefghij b', page(4))).toEqual(['a', 'abcd', 'efgh', 'ij b'])
  })
  test('counts wide letters twice and accents not at all', () => {
    expect(wrapped('漢字漢字', page(4))).toEqual(['漢字', '漢字'])
    expect(wrapped('e\u0301e\u0301e\u0301 x', page(5))).toEqual(['e\u0301e\u0301e\u0301 x'])
  })
})

describe('a passage', () => {
  const content = `${'before '.repeat(10)}the heron stood ${'after '.repeat(10)}`.trim()
  test('begins a line before the first mark, and says that there is more', () => {
    const lines = excerpt(content, marksOf(content, 'heron'), { page: page(24), indent: '  ', most: 3 })
    expect(lines).toEqual(['  … before before the', '  heron stood after', '  after after after …'])
  })
  test('has its marks bold where the page is', () => {
    const [line] = excerpt('a heron stood', [{ start: 2, end: 13 }], {
      page: page(40, true),
      indent: '',
      most: 1,
    })
    expect(line).toBe('a \u001b[1mheron stood\u001b[22m')
  })
  test('cannot make the terminal do anything', () => {
    const hostile = 'a\u001b[2J\u001b]0;title\u0007b \u009b31mred \u0000\u0008 \u202eevil\u2066 \ud800x'
    const lines = excerpt(hostile, [{ start: 0, end: 99 }], { page: page(80), indent: '', most: 4 })
    expect(lines).toEqual(['a[2J]0;titleb 31mred evil x'])
    expect(wrapped('\u001b\u009b\u200b', page(80))).toEqual([])
  })
  test('keeps its marks in place where something before them is left out', () => {
    const hostile = '\u001b\u001b \u0007 heron stood'
    const marks = marksOf(hostile, 'heron')
    expect(excerpt(hostile, marks, { page: page(80, true), indent: '', most: 1 })).toEqual([
      '\u001b[1mheron\u001b[22m stood',
    ])
  })
})
