// The part of a passage that is shown first: where most of what was found stands close together.
import type { Passage } from './readable.ts'

export interface Excerpt extends Passage {
  /** Whether the passage goes on before and after it. */
  readonly isCutBefore: boolean
  readonly isCutAfter: boolean
}

/** About so many characters; a passage that is hardly longer is shown whole. */
const SIZE = 420
const SLACK = 120
/** Lists and tables have short lines. */
const MOST_LINES = 7
const SLACK_LINES = 2
/** Before the first mark, so that it is read in its sentence. */
const LEAD = 90
const LEAD_LINES = 2

export function excerpt({ text, ranges }: Passage): Excerpt {
  if (text.length <= SIZE + SLACK && afterLines(text, 0, MOST_LINES + SLACK_LINES) === text.length)
    return { text, ranges, isCutBefore: false, isCutAfter: false }
  const start = startOf(text, densest(ranges))
  const enough = start + SIZE >= text.length - SLACK / 2 ? text.length : wordEnd(text, start + SIZE)
  const end = Math.min(enough, afterLines(text, start, MOST_LINES))
  return {
    text: text.slice(start, end),
    ranges: ranges
      .filter(range => range.start < end && range.end > start)
      .map(range => ({ start: Math.max(0, range.start - start), end: Math.min(end, range.end) - start })),
    isCutBefore: start > 0,
    isCutAfter: end < text.length,
  }
}

/** Where the range begins from which on most ranges fit; the first of these. */
function densest(ranges: Passage['ranges']): number {
  let best = { start: 0, count: 0 }
  let last = 0
  for (const [at, { start }] of ranges.entries()) {
    while ((ranges[last]?.end ?? Infinity) <= start + SIZE - LEAD) last += 1
    if (last - at > best.count) best = { start, count: last - at }
  }
  return best.start
}

/** Where so many lines end, counted from `start`; at most the end. */
function afterLines(text: string, start: number, lines: number): number {
  let at = start - 1
  for (let line = 0; line < lines; line++) {
    at = text.indexOf('\n', at + 1)
    if (at === -1) return text.length
  }
  return at
}

/** Near the mark and few lines above it; at a line's beginning, or else a word's. */
function startOf(text: string, mark: number): number {
  let line = mark
  for (let above = 0; above <= LEAD_LINES; above++) {
    const before = line === 0 ? 0 : text.lastIndexOf('\n', line - (above === 0 ? 1 : 2)) + 1
    if (mark - before > LEAD + SLACK / 2) return line < mark ? line : wordStart(text, mark)
    line = before
  }
  return line
}

function wordStart(text: string, mark: number): number {
  const space = text.indexOf(' ', mark - LEAD)
  return space === -1 || space >= mark ? whole(text, mark - LEAD) : space + 1
}

function wordEnd(text: string, near: number): number {
  const space = text.lastIndexOf(' ', near)
  return whole(text, space > near - LEAD ? space : near)
}

/** Never between the halves of a character. */
function whole(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at + 1 : at
}
