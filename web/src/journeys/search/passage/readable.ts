// A passage as a person reads it: the marks of Markdown are left out, and what was marked as found stays marked. Text in,
// text out; nothing of it ever becomes HTML.
import type { Range } from '../../../parts/shown/marked.tsx'

export interface Passage {
  readonly text: string
  /** In UTF-16 code units of the text, sorted, apart from each other. */
  readonly ranges: readonly Range[]
}

/** What happens to each code unit of the source: it stays, goes, or another stands for it. */
interface Edits {
  readonly gone: Uint8Array
  readonly instead: Map<number, string>
}

const FENCE = /^ {0,3}(?:`{3,}|~{3,})/
const RULE = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=+[ \t]*)$/
/** Below the head of a table. */
const TABLE_RULE = /^[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?[ \t]*)?$/
const QUOTE = /^(?: {0,3}> ?)+/
const HEADING = /^ {0,3}#{1,6}(?:[ \t]+|$)/
const HEADING_END = /[ \t]+#+[ \t]*$/
const BULLET = /^[ \t]*([-*+])[ \t]+/

/** Linear in the text, but for lines with very many marks that are never closed. */
export function readable(source: string, ranges: readonly Range[]): Passage {
  const edits: Edits = { gone: new Uint8Array(source.length), instead: new Map() }
  let isCode = false
  for (const { 0: line, index: start } of source.matchAll(/[^\n]+/g)) {
    const fence = FENCE.exec(line)?.[0].length ?? 0
    if (fence > 0) {
      isCode = !isCode
      leave(edits, start, fence)
    } else if (isCode) continue
    else if (RULE.test(line) || TABLE_RULE.test(line)) leave(edits, start, line.length)
    else readLine(edits, line, start)
  }
  return written(source, ranges, edits)
}

function readLine(edits: Edits, line: string, lineStart: number): void {
  const quote = QUOTE.exec(line)?.[0].length ?? 0
  leave(edits, lineStart, quote)
  const rest = line.slice(quote)
  const start = lineStart + quote
  const heading = HEADING.exec(rest)?.[0].length ?? 0
  leave(edits, start, heading)
  const end = heading > 0 ? HEADING_END.exec(rest.slice(heading)) : null
  if (end !== null) leave(edits, start + heading + end.index, end[0].length)
  const bullet = BULLET.exec(rest)
  const [mark] = bullet ?? []
  if (mark !== undefined) edits.instead.set(start + mark.search(/[-*+]/), '•')
  if (/^[ \t]*\|/.test(rest)) readRow(edits, rest, start)
  const text = Math.max(heading, mark?.length ?? 0)
  readInline(edits, rest.slice(text), start + text)
}

/** A row of a table: what stands between its cells, never at its ends. */
function readRow(edits: Edits, row: string, start: number): void {
  const last = row.trimEnd().length - 1
  for (const { index } of row.matchAll(/(?<!\\)\|/g)) {
    if (index === last || row.slice(0, index).trim() === '') leave(edits, start + index, 1)
    else edits.instead.set(start + index, '·')
  }
}

const CODE = /(?<!`)(`+)(?!`)([^\n]*?[^`])\1(?!`)/g
const LINK = /(?<!\\)(!?\[)([^[\]\n]*)(\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:[ \t]+"[^"\n]*")?\))/g
const STRONG = /(?<![\\*_])(\*\*|~~)(?=[^\s*])([^\n]*?[^\s*])\1(?!\*)/g
const STRONG_LOW = /(?<![\p{L}\p{N}\\_])(__)(?=[^\s_])([^\n]*?[^\s_])\1(?![\p{L}\p{N}_])/gu
const EMPHASIS = /(?<![\p{L}\p{N}\\*_])([*_])(?=[^\s*_])([^*_\n]*[^\s*_])\1(?![\p{L}\p{N}*_])/gu
const ESCAPE = /\\(?=[!-/:-@[-`{-~])/g

/** What pairs of marks enclose; what stands in code stays as it is. */
function readInline(edits: Edits, text: string, start: number): void {
  const code = [...text.matchAll(CODE)].map(({ 0: whole, 1: ticks = '', index }) => {
    leave(edits, start + index, ticks.length)
    leave(edits, start + index + whole.length - ticks.length, ticks.length)
    return { start: index, end: index + whole.length }
  })
  const isCode = (at: number) => code.some(range => at >= range.start && at < range.end)
  for (const pairs of [LINK, STRONG, STRONG_LOW, EMPHASIS]) {
    for (const { 0: whole, 1: open = '', 3: close = open, index } of text.matchAll(pairs)) {
      const end = index + whole.length - close.length
      if (isCode(index) || isCode(end)) continue
      leave(edits, start + index, open.length)
      leave(edits, start + end, close.length)
    }
  }
  for (const { index } of text.matchAll(ESCAPE)) if (!isCode(index)) leave(edits, start + index, 1)
}

function leave({ gone }: Edits, start: number, length: number): void {
  gone.fill(1, start, start + length)
}

/** Lines that became empty go, and so does white space at the ends. */
function written(source: string, ranges: readonly Range[], { gone, instead }: Edits): Passage {
  let text = ''
  /** Where each code unit of the source has come to stand. */
  const places = new Uint32Array(source.length + 1)
  for (let at = 0; at < source.length; at++) {
    places[at] = text.length
    if (gone[at] === 1) continue
    const unit = source.charAt(at)
    const isIdle = /\s/.test(unit) && (text === '' || (unit === '\n' && text.endsWith('\n')))
    if (!isIdle) text += instead.get(at) ?? unit
  }
  places[source.length] = text.length
  const length = text.trimEnd().length
  const moved = ranges.map(({ start, end }) => ({
    start: Math.min(places[start] ?? length, length),
    end: Math.min(places[end] ?? length, length),
  }))
  return { text: text.slice(0, length), ranges: moved.filter(({ start, end }) => start < end) }
}
