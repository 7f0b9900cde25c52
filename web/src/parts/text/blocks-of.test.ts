import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blocksOf } from './blocks-of.ts'
import { leavesOf, rangesWithin, type Block, type Inline } from './text-shape.ts'

const whole = (text: string) => ({ start: 0, end: text.length })
const read = (text: string, format: 'text' | 'markdown' = 'markdown') => blocksOf(text, format, whole(text))
const shown = (text: string, blocks: readonly Block[]): string =>
  [...leavesOf(blocks)].map(({ start, end }) => text.slice(start, end)).join('')

/** Blocks as nested arrays of words, to compare. */
function outline(text: string, blocks: readonly Block[]): unknown[] {
  return blocks.map(block => {
    if (block.kind === 'quote') return ['quote', ...outline(text, block.blocks)]
    if (block.kind === 'list')
      return [
        block.first === undefined ? 'ul' : `ol${block.first}`,
        ...block.items.map(item => outline(text, item.blocks)),
      ]
    if (block.kind === 'table')
      return ['table', ...[block.head, ...block.rows].map(row => row.cells.map(cell => words(text, cell)))]
    if (block.kind === 'rule') return ['rule']
    const name = block.kind === 'heading' ? `h${block.level}` : block.kind === 'paragraph' ? 'p' : block.kind
    return [name, words(text, block.children)]
  })
}

function words(text: string, inlines: readonly Inline[]): string {
  return inlines
    .map(inline => {
      if (inline.kind === 'text') return text.slice(inline.start, inline.end)
      if (inline.kind === 'code') return `{code:${text.slice(inline.start, inline.end)}}`
      const name = inline.kind === 'link' ? `link ${inline.href ?? '-'}` : inline.kind
      return `{${name}:${words(text, inline.children)}}`
    })
    .join('')
}

test.each([
  [
    '# One #\n\ntext\nmore',
    [
      ['h1', 'One'],
      ['p', 'text\nmore'],
    ],
  ],
  [
    'Title\n===\nUnder\n---',
    [
      ['h1', 'Title'],
      ['h2', 'Under'],
    ],
  ],
  ['a **b *c* d** `e*f` ~~g~~', [['p', 'a {strong:b {em:c} d} {code:e*f} {struck:g}']]],
  ['snake_case_name and 2*3*4 \\*no\\*', [['p', 'snake_case_name and 2{em:3}4 *no*']]],
  [
    '- a\n- b\n  - c\n\n1. x\n2. y',
    [
      [
        'ul',
        [['p', 'a']],
        [
          ['p', 'b'],
          ['ul', [['p', 'c']]],
        ],
      ],
      ['ol1', [['p', 'x']], [['p', 'y']]],
    ],
  ],
  ['> quoted\n> - item', [['quote', ['p', 'quoted'], ['ul', [['p', 'item']]]]]],
  [
    '```js\nlet a = "<b>"\n\n# no\n```\nafter',
    [
      ['code', '{code:let a = "<b>"\n\n# no}'],
      ['p', 'after'],
    ],
  ],
  [
    '| a | b\\|c |\n|---|:-:|\n| 1 | **2** |\n\nafter',
    [
      ['table', ['a', 'b|c'], ['1', '{strong:2}']],
      ['p', 'after'],
    ],
  ],
  ['a\n\n---\n\nb', [['p', 'a'], ['rule'], ['p', 'b']]],
  [
    '---\ntitle: x\n---\nbody',
    [
      ['code', '{code:---\ntitle: x\n---}'],
      ['p', 'body'],
    ],
  ],
  [
    'see [the law](https://eu.example/a_(b) "t") and <https://x.example>',
    [['p', 'see {link https://eu.example/a_(b):the law} and {link https://x.example/:https://x.example}']],
  ],
  [
    '[x](javascript:alert(1)) [y](data:text/html,z) [z](/rel) ![alt](http://i.example/a.png)',
    [['p', '{link -:x} {link -:y} {link -:z} {link http://i.example/a.png:alt}']],
  ],
  ['[u](https://good.example:pw@evil.example/)', [['p', '{link -:u}']]],
  [
    '<img src=x onerror=alert(1)> <script>x</script>',
    [['p', '<img src=x onerror=alert(1)> <script>x</script>']],
  ],
  ['8.1 Neither party.\n8.2 General cap.', [['p', '8.1 Neither party.\n8.2 General cap.']]],
  ['[not a link] and ] and [x](', [['p', '[not a link] and ] and [x](']]],
])('reads %j', (text, wanted) => {
  expect(outline(text, read(text))).toEqual(wanted)
})

test('a part that begins within code is read as the whole would be', () => {
  const whole = '```sh\nbefore\n# here\n```\n\n# Head\n\n```js\nx\n```\n'
  const part = whole.slice(whole.indexOf('# here'))
  const blocks = blocksOf(part, 'markdown', { start: 0, end: part.length }, false)
  expect(outline(part, blocks)).toEqual([
    ['code', '{code:# here\n```}'],
    ['h1', 'Head'],
    ['code', '{code:x}'],
  ])
})

test('a plain text is shown whole, with its lines', () => {
  const text = 'One *line*\n  and # another\n\n\nSecond'
  expect(outline(text, read(text, 'text'))).toEqual([
    ['p', 'One *line*\n  and # another'],
    ['p', 'Second'],
  ])
})

const MARKED = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '# ',
        '- ',
        '  ',
        '1. ',
        '> ',
        '```',
        '~~~',
        '\n',
        '\n\n',
        '**',
        '*',
        '_',
        '`',
        '[',
        '](',
        ')',
        '|',
        '---',
        '\\',
        '<',
        '~~',
        '![',
      ),
      fc.constantFrom('alpha', 'beta', 'Ωmega', '字', '👍', 'x'),
      fc.constant(' '),
    ),
    { maxLength: 60 },
  )
  .map(parts => parts.join(''))

test('whatever stands in a text, its places are in order, within it, and never twice', () => {
  fc.assert(
    fc.property(MARKED, fc.constantFrom('text' as const, 'markdown' as const), (text, format) => {
      let end = 0
      for (const leaf of leavesOf(read(text, format))) {
        expect(leaf.start).toBeGreaterThanOrEqual(end)
        expect(leaf.end).toBeGreaterThan(leaf.start)
        end = leaf.end
      }
      expect(end).toBeLessThanOrEqual(text.length)
    }),
    { numRuns: 400 },
  )
})

test('no word of a text is lost, but where a link leads and what a fence is called', () => {
  fc.assert(
    fc.property(MARKED, text => {
      const lost = text.replaceAll(/\]\([^)\n]*\)|(```|~~~).*/g, '')
      const counted = (of: string) => of.match(/[a-zΩ字👍]+/gu)?.join('').length ?? 0
      expect(counted(shown(text, read(text)))).toBeGreaterThanOrEqual(counted(lost))
    }),
    { numRuns: 400 },
  )
})

test('a plain text loses nothing but empty lines', () => {
  fc.assert(
    fc.property(MARKED, text => {
      expect(shown(text, read(text, 'text')).replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''))
    }),
  )
})

test.each([
  ['asterisks', '*'.repeat(50_000)],
  ['brackets', '['.repeat(50_000)],
  ['links', '[](x)'.repeat(10_000)],
  ['backticks', Array.from({ length: 300 }, (_, at) => '`'.repeat(at)).join(' ')],
  ['quotes', '>'.repeat(50_000)],
  ['items', '- '.repeat(25_000)],
  ['bars', `${'|'.repeat(20_000)}\n${'|-'.repeat(10_000)}`],
  ['one word', 'x'.repeat(500_000)],
  // Read in time that grows with the square of these, they outlast the time of a test.
  ['brackets that close nothing', `${']'.repeat(19_900)}\n\n`.repeat(25)],
  ['lines', 'a\n'.repeat(250_000)],
  ['lines below a quote', `> a\n${'a\n'.repeat(250_000)}`],
])('a text of %s is read in bounded depth', (_, text) => {
  expect(() => read(text)).not.toThrow()
})

test('what is marked of a passage is exactly what of it is shown, also in a part of a text', () => {
  fc.assert(
    fc.property(MARKED, fc.nat(80), fc.nat(80), fc.nat(1_000), (text, a, b, begin) => {
      const passage = { start: begin + Math.min(a, b), end: begin + Math.max(a, b) }
      const marked: number[] = []
      const wanted: number[] = []
      for (const leaf of leavesOf(read(text))) {
        for (const { start, end } of rangesWithin(leaf, begin, [passage]))
          for (let at = start; at < end; at++) marked.push(begin + leaf.start + at)
        for (let at = begin + leaf.start; at < begin + leaf.end; at++)
          if (at >= passage.start && at < passage.end) wanted.push(at)
      }
      expect(marked).toEqual(wanted)
    }),
    { numRuns: 300 },
  )
})
