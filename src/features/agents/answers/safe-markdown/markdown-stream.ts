// Safe Markdown of a text that comes in pieces: what a follower has seen so far is safe at every moment, and in the end
// the same however the text was cut. Plain words are shown at once, everything else when its block is complete.
import { harmlessTokensOf } from './allowed-tokens.ts'
import { characterCleaner } from './clean-characters.ts'
import { isCostly } from './costly-block.ts'
import { fewEmptyLines } from './few-empty-lines.ts'
import { beginsParagraph, plainUntil } from './plain-words.ts'
import { safeBlock } from './safe-block.ts'

export interface MarkdownStream {
  /** What can be shown now that this has come. */
  push(piece: string): string
  /** The rest. */
  end(): string
  /** Whether it was too long, and what came behind is left out. */
  isCut(): boolean
}

/** UTF-16 code units of an answer. */
export const LONGEST_ANSWER = 10_000

export function markdownStream(longest = LONGEST_ANSWER): MarkdownStream {
  const clean = characterCleaner()
  const squeezed = fewEmptyLines()
  const blocks = blockWriter()
  let left = longest
  let isCut = false
  return {
    push(piece) {
      const text = clean(piece)
      const taken = text.slice(0, left).replace(HALF_A_PAIR, '')
      left = text.length > taken.length ? 0 : left - taken.length
      isCut ||= text.length > taken.length
      return blocks.push(squeezed(taken))
    },
    end: () => blocks.end(),
    isCut: () => isCut,
  }
}

/** The whole at once. */
export function safeMarkdown(text: string, longest = LONGEST_ANSWER): string {
  const stream = markdownStream(longest)
  return stream.push(text) + stream.end()
}

const HALF_A_PAIR = /[\uD800-\uDBFF]$/
const EMPTY_LINES = /^(?:[ \t]*\n)+/
/** What is before a line behind an empty one. */
const NEXT_LINE = /\n(?:[ \t]*\n)+(?=[ \t]*\S)/g
/** A block longer than this is looked at again when it has grown by that share: its end is found later, at less cost. */
const LONG_BLOCK = 300
const GROWN = 0.25

function blockWriter(): Pick<MarkdownStream, 'push' | 'end'> {
  let open = ''
  let shown = 0
  let lookFrom = 0
  let between = ''
  const show = (text: string): string => {
    if (text === '') return ''
    const shownNow = between + text
    between = ''
    return shownNow
  }
  const close = (block: string): string => {
    const text = block.trim() === '' ? '' : show(safeBlock(block.trimEnd()).slice(shown))
    if (text !== '' || shown > 0) between = '\n\n'
    ;[shown, lookFrom] = [0, 0]
    return text
  }
  const push = (piece: string): string => {
    open += piece
    let text = ''
    for (;;) {
      if (shown === 0) open = open.replace(EMPTY_LINES, '')
      const end = endOfBlock(open, lookFrom)
      lookFrom = end.lookedUntil
      if (end.at === undefined) break
      text += close(open.slice(0, end.at))
      open = open.slice(end.at)
    }
    const plain = plainUntil(open, shown)
    text += show(open.slice(shown, plain))
    shown = plain
    return text
  }
  return {
    push,
    end: () => {
      const text = close(open)
      open = ''
      return text
    },
  }
}

/**
 * Where the first block ends because another begins. Only at a line behind an empty one, and only when no more text can
 * change what the line begins: it is complete, or it begins with a letter.
 */
function endOfBlock(text: string, from: number): { at?: number; lookedUntil: number } {
  let lookedUntil = from
  const start = Math.max(0, from - 1)
  for (const { index, 0: gap } of text.slice(start).matchAll(NEXT_LINE)) {
    const at = start + index + gap.length
    if (at < lookedUntil + GROWN * Math.max(0, lookedUntil - LONG_BLOCK)) continue
    // What is not parsed has no blocks but those that empty lines make.
    if (isCostly(text.slice(0, at))) return { at, lookedUntil: 0 }
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end === -1 ? undefined : end)
    if (end === -1 && !beginsParagraph(line)) break
    lookedUntil = at + 1
    if (beginsAt(text.slice(0, at + line.length), at)) return { at, lookedUntil: 0 }
  }
  return { lookedUntil }
}

function beginsAt(text: string, at: number): boolean {
  return harmlessTokensOf(text).some(
    ({ depth, start, type }) => depth === 0 && start >= at && !/^line|^whitespace/.test(type),
  )
}
