// Lays text of documents out on a terminal: wrapped to its width, matched words bold where it can, and nothing in it that
// a terminal would obey.
import { styleText } from 'node:util'
import { stripped } from '../ingest/report/printable.ts'

export interface Page {
  /** Columns of a line. */
  readonly width: number
  readonly isBold: boolean
}

/** UTF-16 code units, end exclusive. */
export interface Range {
  readonly start: number
  readonly end: number
}

interface Letter {
  readonly text: string
  readonly isMarked: boolean
}

const DEFAULT_WIDTH = 100
/** Longer lines are hard to read, shorter ones hold no word. */
const WIDEST = 120
const NARROWEST = 30

/** Bold only where a person looks; `hasColors` is false where NO_COLOR is set. */
export function pageOf(stream: {
  readonly isTTY?: boolean
  readonly columns?: number
  hasColors?(): boolean
}): Page {
  const isTerminal = stream.isTTY === true
  const columns = isTerminal ? stream.columns || DEFAULT_WIDTH : DEFAULT_WIDTH
  return {
    width: Math.max(NARROWEST, Math.min(columns, WIDEST)),
    isBold: isTerminal && stream.hasColors?.() === true,
  }
}

export function bold(text: string, { isBold }: Page): string {
  return isBold ? styleText('bold', text, { validateStream: false }) : text
}

/** The text in lines that begin with `indent`; the first one with `first`, which must be as wide. */
export function wrapped(text: string, page: Page, indent = '', first = indent): string[] {
  const lines = linesOf(lettersOf(text, []), page.width - indent.length)
  return lines.map((line, at) => (at === 0 ? first : indent) + shown(line, page))
}

/** So many lines of a passage, from the one before the first mark on; `…` where there is more. */
export function excerpt(
  content: string,
  marks: readonly Range[],
  { page, indent, most }: { readonly page: Page; readonly indent: string; readonly most: number },
): string[] {
  const lines = linesOf(lettersOf(content, marks), page.width - indent.length - 4)
  const marked = lines.findIndex(line => line.some(({ isMarked }) => isMarked))
  const from = Math.max(0, Math.min(marked - 1, lines.length - most))
  const end = Math.min(lines.length, from + most)
  return lines.slice(from, end).map((line, at) => {
    const before = at === 0 && from > 0 ? '… ' : ''
    const after = from + at === end - 1 && end < lines.length ? ' …' : ''
    return `${indent}${before}${shown(line, page)}${after}`
  })
}

/** Words as lists of letters; a letter is a code point with its accents. */
function lettersOf(content: string, marks: readonly Range[]): Letter[][] {
  return [...content.matchAll(/\S+/gu)].flatMap(({ 0: word, index }) => {
    const letters = [...word.matchAll(/\P{M}\p{M}*|\p{M}+/gu)].flatMap(({ 0: letter, index: at }) => {
      const text = stripped(letter)
      const isMarked = marks.some(({ start, end }) => start <= index + at && index + at < end)
      return text === '' ? [] : [{ text, isMarked }]
    })
    return letters.length === 0 ? [] : [letters]
  })
}

function linesOf(words: readonly Letter[][], width: number): Letter[][] {
  const lines: Letter[][] = []
  let line: Letter[] = []
  let columns = 0
  const close = (): void => {
    if (line.length > 0) lines.push(line)
    line = []
    columns = 0
  }
  for (const word of words) {
    const wide = word.reduce((sum, { text }) => sum + columnsOf(text), 0)
    if (columns > 0 && columns + 1 + wide > width) close()
    const before = line.at(-1)
    if (before !== undefined) {
      line.push({ text: ' ', isMarked: before.isMarked && word[0]?.isMarked === true })
      columns += 1
    }
    for (const letter of word) {
      const own = columnsOf(letter.text)
      if (columns + own > width) close()
      line.push(letter)
      columns += own
    }
  }
  close()
  return lines
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

/** As nearly all terminals draw it. */
function columnsOf(letter: string): number {
  return WIDE.test(letter) ? 2 : 1
}

function shown(line: readonly Letter[], page: Page): string {
  let text = ''
  let run = ''
  line.forEach(({ text: letter, isMarked }, at) => {
    run += letter
    if (line[at + 1]?.isMarked === isMarked) return
    text += isMarked ? bold(run, page) : run
    run = ''
  })
  return text
}
