import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunk, chunkStream, type Chunk, type PageMark } from './chunk.ts'
import { chunker } from './chunker.ts'
import { countTokens } from './tokens.ts'

const formats = fc.constantFrom('text' as const, 'markdown' as const)

/** Texts that make trouble: emoji and joined emoji, CRLF, words longer than a chunk, headings without text, fences. */
const parts = fc.oneof(
  fc.lorem({ maxCount: 60 }),
  fc.lorem({ maxCount: 40, mode: 'sentences' }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map(text => text.toWellFormed()),
  fc.constantFrom(
    '# One',
    '## Two ##',
    '####### seven',
    '#',
    '```',
    '~~~ts',
    '- ```',
    '---',
    '===',
    '- item',
    '> q',
  ),
  fc.constantFrom('\r\n', '\n\n', '\t \r\n', '\u2028', '👩‍👩‍👧‍👦', '。', '、', '」', 'é', '    code'),
  fc.integer({ min: 1, max: 4_000 }).map(length => 'x'.repeat(length)),
  fc.integer({ min: 200, max: 900 }).map(length => '👍'.repeat(length)),
  fc.integer({ min: 200, max: 900 }).map(length => '文書。'.repeat(length)),
  fc.integer({ min: 1, max: 12_000 }).map(length => ' '.repeat(length)),
  fc.integer({ min: 1, max: 3_000 }).map(length => '\n'.repeat(length)),
  fc.integer({ min: 1, max: 900 }).map(length => '# a\n'.repeat(length)),
)
const separators = fc.constantFrom('', ' ', '\n', '\r\n', '\n\n', '\r\n\r\n')
const texts = fc
  .array(fc.tuple(parts, separators), { maxLength: 25 })
  .map(all => all.map(part => part.join('')).join(''))

describe('any text', () => {
  test('a chunk is exactly its slice of the text, in order, of at most 384 tokens', () => {
    fc.assert(
      fc.property(texts, formats, (text, format) => {
        let last: Chunk | undefined
        for (const found of chunk(text, format)) {
          expect(text.slice(found.start, found.end)).toBe(found.content)
          expect(found.tokens).toBe(countTokens(found.content))
          expect(found.tokens).toBeLessThanOrEqual(384)
          expect(found.content).toBe(found.content.trim())
          expect(found.content).not.toBe('')
          expect(found.start).toBeGreaterThan(last?.start ?? -1)
          expect(found.end).toBeGreaterThan(last?.end ?? -1)
          last = found
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

  test('what neighbours share is short, of one section, and less than what is new', () => {
    fc.assert(
      fc.property(texts, formats, (text, format) => {
        const chunks = chunk(text, format)
        for (const [at, { start, end, heading }] of chunks.entries()) {
          const before = chunks[at - 1]
          if (before === undefined || before.end <= start) continue
          const shared = countTokens(text.slice(start, before.end))
          expect(shared).toBeLessThanOrEqual(48)
          expect(countTokens(text.slice(before.end, end))).toBeGreaterThanOrEqual(shared)
          expect(heading).toBe(before.heading)
        }
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

  test('the chunks of a stream are those of the whole, wherever it is split', async () => {
    const cuts = fc.array(fc.nat(), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(texts, formats, cuts, async (text, format, places) => {
        const pieces = split(text, places)
        const whole = chunk(text, format)
        const take = chunker(format)
        const [last = '', ...before] = pieces.toReversed()
        expect([...before.toReversed().flatMap(piece => take(piece, false)), ...take(last, true)]).toEqual(
          whole,
        )
        const streamed: Chunk[] = []
        for await (const found of chunkStream(pieces, format)) streamed.push(found)
        expect(streamed).toEqual(whole)
      }),
      { numRuns: 300 },
    )
  })

  test('a heading that its underline makes one is not cut before the underline has come', () => {
    const heading = 'Notification of a breach '.repeat(5)
    for (let words = 440; words < 510; words += 10) {
      const text = `${'word '.repeat(words)}\n\n${heading}\n---\n\nText.`
      const take = chunker('markdown')
      const chunks = text.split('').flatMap(unit => take(unit, false))
      expect([...chunks, ...take('', true)], `${words} words`).toEqual(chunk(text, 'markdown'))
    }
  })

  test('the chunks of a stream of single characters are those of the whole', () => {
    fc.assert(
      fc.property(texts, formats, (text, format) => {
        const take = chunker(format)
        const short = text.slice(0, 2_000)
        const chunks = short.split('').flatMap(unit => take(unit, false))
        expect([...chunks, ...take('', true)]).toEqual(chunk(short, format))
      }),
      { numRuns: 30 },
    )
  })
})

function outside(text: string, chunks: readonly Chunk[]): string {
  let covered = 0
  let found = ''
  for (const { start, end } of chunks) {
    found += text.slice(covered, start)
    covered = end
  }
  return found + text.slice(covered)
}

function split(text: string, places: readonly number[]): string[] {
  const ends = places.map(place => place % (text.length + 1)).toSorted((a, b) => a - b)
  return [...ends, text.length].map((end, at) => text.slice(at === 0 ? 0 : ends[at - 1], end))
}

const sentence = 'The controller notifies the authority without undue delay. '
const paragraph = sentence.repeat(6).trim()

describe('where a text is cut', () => {
  test('a short text is one chunk', () => {
    expect(chunk('\n  One line.\r\n', 'text')).toEqual([
      { start: 3, end: 12, heading: '', content: 'One line.', tokens: 3, page: null, lastPage: null },
    ])
  })
  test('white space alone has no chunks', () => {
    expect(chunk(' \r\n\t\n', 'markdown')).toEqual([])
  })
  test('a long text is cut between paragraphs, near 256 tokens', () => {
    const chunks = chunk(Array(14).fill(paragraph).join('\n\n'), 'text')
    for (const { content, tokens } of chunks) {
      expect(content).toMatch(/delay\.$/)
      expect(content.endsWith(paragraph)).toBe(true)
      expect(Math.abs(tokens - 256)).toBeLessThan(100)
    }
  })
  test('a long paragraph is cut between sentences, and the overlap is whole sentences of about 32 tokens', () => {
    const chunks = chunk(sentence.repeat(90), 'text')
    expect(chunks.length).toBeGreaterThan(3)
    for (const [at, { content, start }] of chunks.entries()) {
      expect(content).toMatch(/^The .*delay\.$/)
      const before = chunks[at - 1]
      if (before !== undefined) expect(countTokens(sentence.repeat(90).slice(start, before.end))).toBe(26)
    }
  })
  test('Japanese is cut behind its full stops, without spaces', () => {
    for (const { content, tokens } of chunk('管理者は遅滞なく監督機関に通知する。'.repeat(60), 'text')) {
      expect(content).toMatch(/^管理者.*。$/)
      expect(tokens).toBeGreaterThan(100)
    }
  })
  test('the rest of a section is halved, not left as a scrap', () => {
    const sizes = chunk('word '.repeat(390), 'text').map(({ tokens }) => tokens)
    expect(sizes).toEqual([195, 195 + 32])
  })
  test('a word longer than a chunk is cut between characters, without overlap', () => {
    const chunks = chunk('👍'.repeat(1_000), 'text')
    expect(chunks.map(({ tokens }) => tokens)).toEqual([256, 256, 256, 232])
    expect(chunks.map(({ start }) => start)).toEqual([0, 512, 1_024, 1_536])
  })
  test('the rest is halved even where its last paragraph would be a better place', () => {
    const sizes = chunk(`${'word '.repeat(380)}\n\n${'word '.repeat(10)}`, 'text').map(({ tokens }) => tokens)
    expect(sizes).toEqual([195, 195 + 32])
  })
  test('nothing is repeated behind a wide gap', () => {
    const text = `${'word '.repeat(256)}${' '.repeat(9_000)}${'word '.repeat(100)}`
    expect(chunk(text, 'text').map(({ tokens }) => tokens)).toEqual([256, 100])
    expect(chunk(text.replace(/ {9,}/, ' \n\n'), 'text').map(({ tokens }) => tokens)).toEqual([356])
  })
  test('what follows a scrap behind a gap is not mostly a repetition', () => {
    const text = `${'word '.repeat(256)}${' '.repeat(900)}end${' '.repeat(9_000)}`
    expect(chunk(text, 'text').map(({ content }) => content.length)).toEqual([256 * 5 - 1, 'end'.length])
  })
  test('an edit at the end of a text leaves the chunks of the sections before as they were', () => {
    const before = `# A\n\n${paragraph.repeat(9)}\n\n# B\n\n${paragraph.repeat(9)}\n\n`
    const ofBefore = (text: string) =>
      chunk(before + text, 'markdown').filter(({ heading }) => heading !== 'C')
    expect(ofBefore('# C\n\nLonger.\n\n```\nopen')).toEqual(ofBefore('# C\n\nShort.'))
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

describe('pages', () => {
  const marks: PageMark[] = [
    { at: 3, page: 1 },
    { at: 1_200, page: 2 },
    { at: 1_200, page: 3 },
    { at: 2_000, page: 4 },
  ]
  test('a chunk names the pages of its first and of its last character', () => {
    for (const { start, end, page, lastPage } of chunk('word '.repeat(900), 'text', marks)) {
      expect([page, lastPage]).toEqual(
        [start, end - 1].map(offset => marks.findLast(({ at }) => at <= offset)?.page ?? null),
      )
    }
  })
  test('a chunk that ends where a page starts does not reach into it', () => {
    const [first] = chunk('12345', 'text', [
      { at: 0, page: 1 },
      { at: 5, page: 2 },
    ])
    expect(first).toMatchObject({ page: 1, lastPage: 1 })
  })
})
