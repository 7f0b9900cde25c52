// What a line of Markdown begins. Every pattern is anchored and looks at a line's beginning only: time stays linear
// whatever a line holds.
import type { Span } from './text-shape.ts'

const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+|$)/
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/
const QUOTE = /^ {0,3}> ?/
const ITEM = /^( {0,3})([-*+]|(\d{1,9})[.)])(?: {1,4}(?=\S)| +|\t|$)/
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/
const ALIGNMENT = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/
/** Beyond it a line is words. */
const LOOKED_AT = 2_000

export interface ItemMark {
  /** Characters before its words. */
  readonly width: number
  readonly indent: number
  readonly ordered: boolean
  readonly number: number | undefined
}

export function linesOf(source: string, { start, end }: Span): Span[] {
  const lines: Span[] = []
  for (let at = start; at < end; ) {
    const newline = source.indexOf('\n', at)
    const stop = newline < 0 || newline > end ? end : newline
    lines.push({ start: at, end: stop })
    at = stop + 1
  }
  return lines
}

export function isBlank(source: string, { start, end }: Span): boolean {
  return end - start < LOOKED_AT && source.slice(start, end).trim() === ''
}

function beginning(source: string, { start, end }: Span): string {
  return end - start > LOOKED_AT ? source.slice(start, start + LOOKED_AT) : source.slice(start, end)
}

/** The marks that open a fence. */
export function fenceOf(source: string, line: Span): string | undefined {
  return line.end - line.start > LOOKED_AT ? undefined : FENCE.exec(beginning(source, line))?.[1]
}

export function closesFence(source: string, line: Span, fence: string): boolean {
  const marks = beginning(source, line).trim()
  return marks.startsWith(fence) && marks === fence.charAt(0).repeat(marks.length)
}

/** Its level and how many characters stand before its words. */
export function headingOf(source: string, line: Span): { level: number; width: number } | undefined {
  const found = HEADING.exec(beginning(source, line))
  return found === null ? undefined : { level: found[1]?.length ?? 1, width: found[0].length }
}

export function isRule(source: string, line: Span): boolean {
  return line.end - line.start <= LOOKED_AT && RULE.test(beginning(source, line))
}

/** How many characters its mark has. */
export function quoteWidth(source: string, line: Span): number {
  return QUOTE.exec(source.slice(line.start, Math.min(line.end, line.start + 5)))?.[0].length ?? 0
}

export function itemOf(source: string, line: Span): ItemMark | undefined {
  const found = isRule(source, line) ? null : ITEM.exec(beginning(source, line))
  if (found === null) return undefined
  const number = found[3] === undefined ? undefined : Number(found[3])
  return {
    width: found[0].length,
    indent: found[1]?.length ?? 0,
    ordered: number !== undefined,
    number,
  }
}

/** The level of the heading that this line makes of the paragraph above it. */
export function underlineLevel(source: string, line: Span): 1 | 2 | undefined {
  const text = beginning(source, line)
  if (!UNDERLINE.test(text)) return undefined
  return text.includes('=') ? 1 : 2
}

/** Whether it says how the columns of a table stand, and so ends the table's head. */
export function isAlignment(source: string, line: Span): boolean {
  const text = beginning(source, line)
  return text.includes('|') && line.end - line.start <= LOOKED_AT && ALIGNMENT.test(text)
}

export function indentOf(source: string, { start, end }: Span): number {
  let at = start
  while (at < end && source.charAt(at) === ' ') at++
  return source.charAt(at) === '\t' && at < end ? at - start + 4 : at - start
}

/** The cells of a table's row, without the white space around them. */
export function cellsOf(source: string, { start, end }: Span): Span[] {
  const cells: Span[] = []
  let from = start
  for (let at = start; at <= end; at++) {
    const char = at === end ? '|' : source.charAt(at)
    if (char === '\\' && at + 1 < end) at++
    else if (char === '|') {
      cells.push(trimmed(source, { start: from, end: at }))
      from = at + 1
    }
  }
  // The bars at both ends have no cells outside of them.
  if (cells[0]?.start === cells[0]?.end && /^\s*\|/.test(source.slice(start, end))) cells.shift()
  const last = cells.at(-1)
  if (last !== undefined && last.start === last.end && /\|\s*$/.test(source.slice(start, end))) cells.pop()
  return cells
}

export function trimmed(source: string, { start, end }: Span): Span {
  let from = start
  let to = Math.max(start, end)
  while (from < to && /\s/.test(source.charAt(from))) from++
  while (to > from && /\s/.test(source.charAt(to - 1))) to--
  return { start: from, end: to }
}
