import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunk, type Chunk } from './chunk.ts'

const formats = fc.constantFrom('text' as const, 'markdown' as const)

/** Texts that make trouble: emoji and joined emoji, CRLF, words longer than a chunk, headings without text, fences. */
const pieces = fc.oneof(
  fc.lorem({ maxCount: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map(text => text.toWellFormed()),
  fc.constantFrom(
    '# One',
    '## Two ##',
    '####### seven',
    '#',
    '```',
    '~~~ts',
    '\r\n',
    '\n\n',
    '\t \r\n',
    '\u2028',
    '👩‍👩‍👧‍👦',
    '。',
    'é',
  ),
  fc.integer({ min: 1, max: 4_000 }).map(length => 'x'.repeat(length)),
  fc.integer({ min: 700, max: 900 }).map(length => '👍'.repeat(length)),
)
const texts = fc
  .array(fc.tuple(pieces, fc.constantFrom('', ' ', '\n', '\r\n', '\n\n', '\r\n\r\n')), { maxLength: 25 })
  .map(parts => parts.map(part => part.join('')).join(''))

describe('any text', () => {
  test('a chunk is exactly its slice of the text, in order, without overlap, of at most 1,500 characters', () => {
    fc.assert(
      fc.property(texts, formats, (text, format) => {
        let last = 0
        for (const { start, end, content } of chunk(text, format)) {
          expect(text.slice(start, end)).toBe(content)
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end - start).toBeLessThanOrEqual(1_500)
          expect(content).toBe(content.trim())
          expect(content).not.toBe('')
          last = end
        }
      }),
      { numRuns: 300 },
    )
  })

  test('everything but white space lies in a chunk', () => {
    fc.assert(
      fc.property(texts, formats, (text, format) => {
        expect(outside(text, chunk(text, format)).trim()).toBe('')
      }),
      { numRuns: 300 },
    )
  })

  test('a chunk of well-formed text is well-formed, and so is its heading', () => {
    fc.assert(
      fc.property(texts, formats, (text, format) => {
        for (const { content, heading } of chunk(text, format)) {
          expect(content.isWellFormed() && heading.isWellFormed()).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})

function outside(text: string, chunks: readonly Chunk[]): string {
  const ends = [0, ...chunks.map(({ end }) => end)]
  const starts = [...chunks.map(({ start }) => start), text.length]
  return starts.map((start, at) => text.slice(ends[at], start)).join('')
}

describe('where a text is cut', () => {
  const sentence = 'The controller notifies the authority without undue delay. '
  const paragraph = sentence.repeat(6).trim()

  test('a short text is one chunk', () => {
    expect(chunk('\n  One line.\r\n', 'text')).toEqual([
      { start: 3, end: 12, heading: '', content: 'One line.' },
    ])
  })
  test('white space alone has no chunks', () => {
    expect(chunk(' \r\n\t\n', 'markdown')).toEqual([])
  })
  test('a long text is cut between paragraphs, near 1,000 characters', () => {
    const chunks = chunk(Array(12).fill(paragraph).join('\n\n'), 'text')
    expect(chunks.map(({ content }) => content)).toEqual(
      Array(4).fill([paragraph, paragraph, paragraph].join('\n\n')),
    )
  })
  test('a long paragraph is cut between sentences', () => {
    for (const { content } of chunk(sentence.repeat(60), 'text')) expect(content).toMatch(/delay\.$/)
  })
  test('a changed section leaves the chunks of the others as they were', () => {
    const section = (name: string, text: string) => `## ${name}\n\n${text}\n\n`
    const before = chunk(section('A', paragraph) + section('B', paragraph.repeat(6)), 'markdown')
    const after = chunk(section('A', 'Shorter.') + section('B', paragraph.repeat(6)), 'markdown')
    const contentsOfB = (chunks: readonly Chunk[]) =>
      chunks.filter(({ heading }) => heading === 'B').map(({ content }) => content)
    expect(contentsOfB(after)).toEqual(contentsOfB(before))
  })
})

describe('headings of Markdown', () => {
  const headings = (text: string) => chunk(text, 'markdown').map(({ heading }) => heading)

  test('a chunk carries the path of the headings above it', () => {
    const text = '# Security\n\nIntro.\n\n## Incident response\n\nCall us.\n\n# Privacy\n\nNone.\n'
    expect(headings(text)).toEqual(['Security', 'Security > Incident response', 'Privacy'])
  })
  test('text before the first heading has none', () => {
    expect(headings('Preface.\n\n# One\n\nText.')).toEqual(['', 'One'])
  })
  test('a heading without text of its own opens the next section', () => {
    expect(chunk('# One\n\n## Two\n\nText.', 'markdown')).toEqual([
      { start: 0, end: 20, heading: 'One > Two', content: '# One\n\n## Two\n\nText.' },
    ])
  })
  test('a heading at the end of the text is not lost', () => {
    expect(chunk('Text.\n\n# Last', 'markdown').at(-1)).toMatchObject({ heading: 'Last', content: '# Last' })
  })
  test('a skipped level leaves no hole in the path', () => {
    expect(headings('# One\n\n### Three ###\n\nText.')).toEqual(['One > Three'])
  })
  test('a line inside a fence is no heading; a longer or other fence does not close it', () => {
    expect(headings('# One\n\n````sh\n# not one\n```\n# nor this\n````\n\n# Two\n\nText.')).toEqual([
      'One',
      'Two',
    ])
  })
  test('plain text has no headings', () => {
    expect(chunk('# One\n\nText.', 'text').map(({ heading }) => heading)).toEqual([''])
  })
  test('an endless heading is cut in the path and whole in the text', () => {
    const line = `# ${'👍'.repeat(300)}`
    const [first] = chunk(`${line}\n\nText.`, 'markdown')
    expect(first?.heading).toBe(`${'👍'.repeat(59)}…`)
    expect(first?.content).toContain(line)
  })
})

test('a megabyte of anything is cut in time that grows with its length', () => {
  const evil = [
    '#'.repeat(1_000_000),
    `# ${' \t'.repeat(500_000)}\rx`,
    '`'.repeat(1_000_000),
    '\n'.repeat(1_000_000),
    '. '.repeat(500_000),
  ]
  for (const text of evil) expect(outside(text, chunk(text, 'markdown')).trim()).toBe('')
})
