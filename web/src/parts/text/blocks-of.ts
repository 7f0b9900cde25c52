// The blocks of a text, Markdown or plain, by their places in it. Nothing is dropped but the marks themselves, and HTML in
// a text is words like all others. Pure; linear but for what stands nested in lists and quotes, which is bounded.
import { inlineMarks } from './inline-marks.ts'
import { joinedLines } from './joined-lines.ts'
import {
  cellsOf,
  closesFence,
  fenceOf,
  headingOf,
  indentOf,
  isAlignment,
  isBlank,
  isRule,
  itemOf,
  linesOf,
  quoteWidth,
  trimmed,
  underlineLevel,
} from './markdown-lines.ts'
import type { Block, Inline, Span } from './text-shape.ts'

/** Quotes and lists that stand deeper are paragraphs. */
const DEEPEST = 8
const FRONT_MATTER = 60

/** `isBegin`: the span begins where the text itself begins. */
export function blocksOf(source: string, format: 'text' | 'markdown', span: Span, isBegin = true): Block[] {
  const lines = linesOf(source, span)
  if (format === 'text') return plainBlocks(source, lines)
  const front = isBegin ? frontMatter(source, lines) : restOfCode(source, lines)
  const head = front === 0 ? [] : [codeBlock(source, lines.slice(0, front))]
  return [...head, ...markdownBlocks({ source, depth: 0 }, lines.slice(front))]
}

/** Paragraphs as they stand, line by line. */
function plainBlocks(source: string, lines: readonly Span[]): Block[] {
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; ) {
    let end = at
    while (end < lines.length && !isBlankAt(source, lines, end)) end++
    if (end > at) blocks.push({ kind: 'paragraph', start: lines[at]?.start ?? 0, children: leaves() })
    at = end + 1

    function leaves(): Inline[] {
      const joined = joinedLines(source, lines.slice(at, end))
      return joined.leaves('text', 0, joined.text.length)
    }
  }
  return blocks
}

function isBlankAt(source: string, lines: readonly Span[], at: number): boolean {
  const line = lines[at]
  return line === undefined || isBlank(source, line)
}

/** What stands between two lines of dashes at the very beginning says something about the text. */
function frontMatter(source: string, lines: readonly Span[]): number {
  const isDashes = (line: Span | undefined): boolean =>
    line !== undefined && source.slice(line.start, line.end).trimEnd() === '---'
  if (!isDashes(lines[0])) return 0
  const end = lines.slice(1, FRONT_MATTER).findIndex(isDashes)
  return end < 0 ? 0 : end + 2
}

/**
 * Lines up to the fence that ends a block of code which began before this part of the text. That it did is known when a
 * fence with a name, which only begins code, would otherwise stand within code.
 */
function restOfCode(source: string, lines: readonly Span[]): number {
  let open: string | undefined
  let firstFence = 0
  for (const [at, line] of lines.entries()) {
    const fence = fenceOf(source, line)
    if (open === undefined) {
      open = fence
      if (fence !== undefined && firstFence === 0) firstFence = at + 1
    } else if (closesFence(source, line, open)) open = undefined
    else if (fence !== undefined && fence.startsWith(open.charAt(0))) return firstFence
  }
  return 0
}

interface Within {
  readonly source: string
  readonly depth: number
}

type Read = { readonly block: Block; readonly next: number }

function markdownBlocks(within: Within, lines: readonly Span[]): Block[] {
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; ) {
    if (isBlankAt(within.source, lines, at)) {
      at++
      continue
    }
    const read = nextBlock(within, lines, at)
    blocks.push(read.block)
    at = read.next
  }
  return blocks
}

function nextBlock(within: Within, lines: readonly Span[], at: number): Read {
  const { source, depth } = within
  const line = lines[at] ?? { start: 0, end: 0 }
  const { start } = line
  if (indentOf(source, line) >= 4) return indentedCode(source, lines, at)
  const fence = fenceOf(source, line)
  if (fence !== undefined) return fencedCode(source, lines, at, fence)
  const heading = headingOf(source, line)
  if (heading !== undefined) {
    const words = withoutClosing(source, { start: start + heading.width, end: line.end })
    return {
      block: { kind: 'heading', start, level: heading.level, children: inlines(source, [words]) },
      next: at + 1,
    }
  }
  if (isRule(source, line)) return { block: { kind: 'rule', start }, next: at + 1 }
  if (depth < DEEPEST && quoteWidth(source, line) > 0) return quote(within, lines, at)
  if (depth < DEEPEST && itemOf(source, line) !== undefined) return list(within, lines, at)
  return table(source, lines, at) ?? paragraph(within, lines, at)
}

function withoutClosing(source: string, span: Span): Span {
  const { start, end } = trimmed(source, span)
  const closing = /(?:^|[ \t])#+$/.exec(source.slice(Math.max(start, end - 12), end))?.[0].length ?? 0
  return trimmed(source, { start, end: end - closing })
}

function inlines(source: string, lines: readonly Span[]): Inline[] {
  return inlineMarks(joinedLines(source, lines))
}

function codeBlock(source: string, lines: readonly Span[]): Block {
  const joined = joinedLines(source, lines)
  return { kind: 'code', start: lines[0]?.start ?? 0, children: joined.leaves('code', 0, joined.text.length) }
}

function fencedCode(source: string, lines: readonly Span[], at: number, fence: string): Read {
  let end = at + 1
  while (end < lines.length && !closesFence(source, lines[end] ?? { start: 0, end: 0 }, fence)) end++
  const inside = codeBlock(source, lines.slice(at + 1, end))
  return { block: { ...inside, start: lines[at]?.start ?? 0 }, next: end + 1 }
}

function indentedCode(source: string, lines: readonly Span[], at: number): Read {
  let end = at
  for (let next = at; next < lines.length; next++) {
    const line = lines[next]
    if (line === undefined || isBlank(source, line)) continue
    if (indentOf(source, line) < 4) break
    end = next + 1
  }
  const inside = lines.slice(at, end).map(line => indented(source, line, 4))
  return { block: codeBlock(source, inside), next: end }
}

/** The line without up to so many spaces, or a tab, at its beginning. */
function indented(source: string, { start, end }: Span, width: number): Span {
  let at = start
  while (at < end && at - start < width && source.charAt(at) === ' ') at++
  return { start: at < end && at === start && source.charAt(at) === '\t' ? at + 1 : at, end }
}

function quote({ source, depth }: Within, lines: readonly Span[], at: number): Read {
  const inside: Span[] = []
  let next = at
  for (; next < lines.length; next++) {
    const line = lines[next]
    const width = line === undefined ? 0 : quoteWidth(source, line)
    // A line without the mark goes on with the paragraph before it, unless it begins something.
    if (line === undefined || (width === 0 && (isBlank(source, line) || begins(source, line)))) break
    inside.push({ start: line.start + width, end: line.end })
  }
  const blocks = markdownBlocks({ source, depth: depth + 1 }, inside)
  return { block: { kind: 'quote', start: lines[at]?.start ?? 0, blocks }, next }
}

/** Whether a line cannot be the next one of a paragraph. */
function begins(source: string, line: Span): boolean {
  if (fenceOf(source, line) !== undefined || headingOf(source, line) !== undefined) return true
  if (isRule(source, line) || quoteWidth(source, line) > 0) return true
  const item = itemOf(source, line)
  // A number at a line's beginning is mostly a number: only a list that begins at 1 interrupts.
  return item !== undefined && (!item.ordered || item.number === 1) && line.end - line.start > item.width
}

function list(within: Within, lines: readonly Span[], at: number): Read {
  const { source, depth } = within
  const items: { start: number; blocks: Block[] }[] = []
  const first = itemOf(source, lines[at] ?? { start: 0, end: 0 })
  let next = at
  for (;;) {
    const line = lines[next]
    const mark = line === undefined ? undefined : itemOf(source, line)
    if (line === undefined || mark === undefined || mark.ordered !== first?.ordered) break
    // Two spaces are enough to stand within, also where the mark is wider.
    const end = endOfItem(source, lines, next, mark.indent + 2)
    const inside = [
      { start: line.start + mark.width, end: line.end },
      ...lines.slice(next + 1, end).map(one => indented(source, one, mark.width)),
    ]
    items.push({ start: line.start, blocks: markdownBlocks({ source, depth: depth + 1 }, inside) })
    next = end
    while (next < lines.length && isBlankAt(source, lines, next) && next + 1 < lines.length) next++
  }
  return { block: { kind: 'list', start: lines[at]?.start ?? 0, first: first?.number, items }, next }
}

/** Behind the last line that belongs to the item that begins at `at`. */
function endOfItem(source: string, lines: readonly Span[], at: number, width: number): number {
  let end = at + 1
  let wasBlank = false
  for (let next = at + 1; next < lines.length; next++) {
    const line = lines[next]
    if (line === undefined) break
    if (isBlank(source, line)) {
      wasBlank = true
      continue
    }
    const isWithin = indentOf(source, line) >= width
    const goesOn = !wasBlank && itemOf(source, line) === undefined && !begins(source, line)
    if (!isWithin && !goesOn) break
    end = next + 1
    wasBlank = false
  }
  return end
}

function table(source: string, lines: readonly Span[], at: number): Read | undefined {
  const [head, alignment] = [lines[at], lines[at + 1]]
  if (head === undefined || alignment === undefined || !isAlignment(source, alignment)) return undefined
  const row = (line: Span) => ({
    start: line.start,
    cells: cellsOf(source, line).map(cell => inlines(source, [cell])),
  })
  const first = row(head)
  if (first.cells.length !== cellsOf(source, alignment).length) return undefined
  let next = at + 2
  while (next < lines.length && !isBlankAt(source, lines, next) && !begins(source, lines[next] ?? head))
    next++
  return {
    block: { kind: 'table', start: head.start, head: first, rows: lines.slice(at + 2, next).map(row) },
    next,
  }
}

function paragraph({ source }: Within, lines: readonly Span[], at: number): Read {
  const start = lines[at]?.start ?? 0
  for (let next = at + 1; ; next++) {
    const line = lines[next]
    const level = line === undefined ? undefined : underlineLevel(source, line)
    if (level !== undefined) {
      const words = inlines(source, lines.slice(at, next))
      return { block: { kind: 'heading', start, level, children: words }, next: next + 1 }
    }
    if (line === undefined || isBlank(source, line) || begins(source, line)) {
      const own = lines.slice(at, next).map(one => trimmed(source, one))
      return { block: { kind: 'paragraph', start, children: inlines(source, own) }, next }
    }
  }
}
