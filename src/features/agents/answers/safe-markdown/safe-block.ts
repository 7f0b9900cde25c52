// A block of an answer, made safe: parsed, everything that is not on the list of what is allowed written as plain text,
// and parsed once more to see that it is.
import { harmlessTokensOf, isAllowed, tokensOf, type Token } from './allowed-tokens.ts'
import { isCostly } from './costly-block.ts'
import { plainUntil } from './plain-words.ts'
import { inertText, safeText, type Char } from './safe-text.ts'

/** Keeps the text as it was written but for what could point elsewhere, which is shown and does nothing. */
export function safeBlock(block: string): string {
  // Words that may have been shown already stay as they are.
  const shown = plainUntil(`${block}\n`)
  if (shown === block.length) return block
  if (!isCostly(block)) {
    const safe = written(block)
    // No way is known that leads beyond this.
    if (isAllowed(tokensOf(safe))) return safe
  }
  return shown === 0 ? inertText(block) : `${block.slice(0, shown)} ${inertText(block.slice(shown))}`
}

interface Piece {
  readonly start: number
  readonly end: number
  /** Undefined: it is left out. */
  readonly chars: readonly Char[] | undefined
}

function written(block: string): string {
  let text = ''
  let at = 0
  for (const { start, end, chars } of piecesOf(block)) {
    text += block.slice(at, start)
    if (chars !== undefined)
      text += safeText(chars, { before: text.slice(-1), behind: block.slice(end, end + 1) })
    at = end
  }
  return text + block.slice(at)
}

/** The plain characters of a block, those that stand side by side together, and what is left out of it. */
function piecesOf(block: string): Piece[] {
  const pieces: Piece[] = []
  for (const token of harmlessTokensOf(block)) {
    const last = pieces.at(-1)
    const chars = charsOf(block, token)
    if (last !== undefined && token.start < last.end) continue
    // Of a block of code the name of its language: clients draw diagrams, and run them, by it.
    if (token.type === 'codeFencedFenceInfo' || token.type === 'codeFencedFenceMeta')
      pieces.push({ start: token.start, end: token.end, chars: undefined })
    else if (chars !== undefined && last?.chars !== undefined && last.end === token.start)
      pieces.splice(-1, 1, { start: last.start, end: token.end, chars: [...last.chars, ...chars] })
    else if (chars !== undefined) pieces.push({ start: token.start, end: token.end, chars })
  }
  return pieces
}

function charsOf(block: string, { type, start, end }: Token): Char[] | undefined {
  if (type === 'characterEscape') return [{ char: block.slice(start + 1, end), isEscaped: true }]
  if (type !== 'data') return undefined
  return Array.from({ length: end - start }, (_, at) => ({
    char: block.charAt(start + at),
    isEscaped: false,
  }))
}
