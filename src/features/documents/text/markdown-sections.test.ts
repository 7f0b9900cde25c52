import { describe, expect, test } from 'vitest'
import { chunk } from './chunk.ts'
import { markdownSections } from './markdown-sections.ts'

const headings = (text: string) => chunk(text, 'markdown').map(({ heading }) => heading)

describe('headings of Markdown', () => {
  test('a chunk carries the path of the headings above it', () => {
    const text = '# Security\n\nIntro.\n\n## Incident response\n\nCall us.\n\n# Privacy\n\nNone.\n'
    expect(headings(text)).toEqual(['Security', 'Security > Incident response', 'Privacy'])
  })
  test('text before the first heading has none', () => {
    expect(headings('Preface.\n\n# One\n\nText.')).toEqual(['', 'One'])
  })
  test('a heading without text of its own opens the next section', () => {
    expect(chunk('# One\n\n## Two\n\nText.', 'markdown')).toMatchObject([
      { start: 0, end: 20, heading: 'One > Two', content: '# One\n\n## Two\n\nText.' },
    ])
  })
  test('a heading at the end of the text is not lost', () => {
    expect(chunk('Text.\n\n# Last', 'markdown').at(-1)).toMatchObject({ heading: 'Last', content: '# Last' })
    expect(chunk('Text.\n\nLast\n--', 'markdown').at(-1)).toMatchObject({
      heading: 'Last',
      content: 'Last\n--',
    })
  })
  test('a skipped level leaves no hole in the path', () => {
    expect(headings('# One\n\n### Three ###\n\nText.')).toEqual(['One > Three'])
  })
  test('plain text has no headings', () => {
    expect(chunk('# One\n\nText.', 'text').map(({ heading }) => heading)).toEqual([''])
  })
  test('an endless heading is cut in the path and whole in the text', () => {
    const line = `# ${'👍'.repeat(300)}`
    const [first] = chunk(`${line}\n\nText.`, 'markdown')
    expect(first?.heading).toBe(`${'👍'.repeat(59)}…`)
    expect(first?.content.startsWith(line.slice(0, 400))).toBe(true)
  })
  test('a path has at most 735 characters', () => {
    const text = [1, 2, 3, 4, 5, 6].map(level => `${'#'.repeat(level)} ${'x'.repeat(5_000)}\n`).join('')
    const lengths = headings(`${text}\nText.`).map(heading => heading.length)
    expect(Math.max(...lengths)).toBe(735)
  })
})

describe('what is no heading', () => {
  test('a line inside a fence is none; a shorter, other or talking fence does not close it', () => {
    expect(
      headings('# One\n\n````sh\n# not one\n```\n~~~~\n````sh\n# nor this\n````\n\n# Two\n\nText.'),
    ).toEqual(['One', 'Two'])
  })
  test('a fence in a list hides its lines too, and is closed in the list', () => {
    expect(
      headings(
        '# One\n\n1.  Do:\n\n    ```sh\n# not one\n    ```\n\n- ```\n  # nor\n  ```\n\n# Two\n\nText.',
      ),
    ).toEqual(['One', 'Two'])
  })
  test('code within a line is no fence', () => {
    expect(headings('```a``` and\n\n# One\n\nText.')).toEqual(['', 'One'])
  })
  test('a rule after an empty line, a list, a quote or a table is no underline', () => {
    for (const above of ['Text.\n', '- item', '> quote', '| a |', '1. item', '    code', '# One']) {
      expect(headings(`${above}\n---\nMore.`), above).toHaveLength(1)
    }
  })
  test('a rule is no part of the heading below it', () => {
    for (const rule of ['***', '---', '- - -', '___']) {
      expect(headings(`Text.\n\n${rule}\nOne\n===\n\nText.`), rule).toEqual(['', 'One'])
    }
  })
  test('front matter is none, however it ends', () => {
    expect(headings('---\ntitle: x\n---\n\n# One\n\nText.')).toEqual(['', 'One'])
    expect(headings('---\r\ntitle: x\r\n\r\n# One\r\n\r\nText.')).toEqual(['', 'One'])
  })
})

describe('underlined headings', () => {
  test('an underlined paragraph is a heading of level 1 or 2 and opens its section', () => {
    const text =
      'One\n===\n\nIntro.\n\nTwo\nlines  here\n---\n\nText.\n\n# Three\r\n\r\nFour\r\n----\r\nText.'
    expect(chunk(text, 'markdown').map(({ heading, content }) => [heading, content])).toEqual([
      ['One', 'One\n===\n\nIntro.'],
      ['One > Two lines here', 'Two\nlines  here\n---\n\nText.'],
      ['Three > Four', '# Three\r\n\r\nFour\r\n----\r\nText.'],
    ])
  })
  test('a long paragraph with a rule under it is none', () => {
    expect(headings(`${'A sentence of prose. '.repeat(30)}\n---\nText.`)).toEqual([''])
  })
})

test('a section is named as soon as it can be: nothing more than 4,000 characters is held back', () => {
  const endless = [
    '# a\n',
    '\n',
    'x\n',
    'x'.repeat(90),
    '#',
    ' ',
    '=',
    '```\n',
    '- a\n',
    'a\n=\n',
    '\n# a\nb\n',
  ]
  for (const part of endless) {
    const sections = markdownSections()
    let read = 0
    for (let at = 0; at < 3_000; at++) {
      const piece = part.repeat(10)
      read += piece.length
      expect(read - sections.read(piece, false).settled, part).toBeLessThan(4_000)
    }
  }
})
