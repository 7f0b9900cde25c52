// The marks within a paragraph: emphasis, code, links. Bounded: a line of ten thousand asterisks is words, and costs no
// more than words.
import type { JoinedLines } from './joined-lines.ts'
import type { Inline } from './text-shape.ts'
import { webAddress } from './web-address.ts'

/** A longer paragraph, or one with more marks, is shown as it stands. */
const LONGEST = 20_000
const MOST_MARKS = 400

type Mark = '*' | '_' | '~' | '['
/** What has been read: inlines, and marks that may yet open something. */
type Part =
  | { readonly kind: 'inlines'; readonly inlines: readonly Inline[] }
  | {
      readonly kind: 'mark'
      readonly mark: Mark
      readonly at: number
      count: number
      readonly opens: boolean
      readonly closes: boolean
    }

interface Reading {
  readonly lines: JoinedLines
  readonly parts: Part[]
  /** Where in `parts` the brackets stand that may yet begin a link: looking for the last one must cost nothing. */
  readonly brackets: number[]
  marks: number
  at: number
}

const PUNCTUATION = /[!-/:-@[-`{-~]/
const DESTINATION =
  /\]\([ \t]*(?:<([^<>\n]*)>|([^\s()<]*(?:\([^\s()]*\)[^\s()]*)*))(?:[ \t]+"[^"\n]*")?[ \t]*\)/y
const AUTOLINK = /<(https?:\/\/[^\s<>]*)>/iy
const WORDS = /[^\\`*_~[\]<!]+/y

export function inlineMarks(lines: JoinedLines): Inline[] {
  const { text } = lines
  if (text.length > LONGEST) return lines.leaves('text', 0, text.length)
  const reading: Reading = { lines, parts: [], brackets: [], marks: 0, at: 0 }
  while (reading.at < text.length && reading.marks <= MOST_MARKS) readNext(reading)
  if (reading.marks > MOST_MARKS) return lines.leaves('text', 0, text.length)
  return emphasized(lines, reading.parts)
}

function readNext(reading: Reading): void {
  const { lines, at } = reading
  const { text } = lines
  const char = text.charAt(at)
  WORDS.lastIndex = at
  const words = WORDS.exec(text)
  if (words !== null) show(reading, at + words[0].length)
  else if (char === '\\' && PUNCTUATION.test(text.charAt(at + 1))) {
    reading.at += 1
    show(reading, at + 2)
  } else if (char === '`') readCode(reading)
  else if (char === '*' || char === '_' || char === '~') readRun(reading, char)
  else if (char === '[') {
    const length = reading.parts.push({ kind: 'mark', mark: '[', at, count: 1, opens: false, closes: false })
    reading.brackets.push(length - 1)
    reading.marks++
    reading.at++
  } else if (char === ']') readLinkEnd(reading)
  else if (char === '<') readAutolink(reading)
  // The `!` of an image, whose words are shown.
  else if (char === '!' && text.charAt(at + 1) === '[') reading.at++
  else show(reading, at + 1)
}

function show(reading: Reading, to: number): void {
  reading.parts.push({ kind: 'inlines', inlines: reading.lines.leaves('text', reading.at, to) })
  reading.at = to
}

/** As many backticks close it as opened it. */
function readCode(reading: Reading): void {
  const { lines, at } = reading
  const ticks = /^`+/.exec(lines.text.slice(at))?.[0] ?? '`'
  reading.marks++
  const inside = at + ticks.length
  let end = lines.text.indexOf(ticks, inside)
  while (end >= 0 && lines.text.charAt(end + ticks.length) === '`') {
    while (lines.text.charAt(end) === '`') end++
    end = lines.text.indexOf(ticks, end)
  }
  if (end < 0) {
    show(reading, inside)
    return
  }
  reading.parts.push({ kind: 'inlines', inlines: lines.leaves('code', inside, end) })
  reading.at = end + ticks.length
}

/** Whether a run of marks may open or close is told by what stands beside it (CommonMark 6.2). */
function readRun(reading: Reading, mark: '*' | '_' | '~'): void {
  const { lines, at } = reading
  const { text } = lines
  let end = at
  while (text.charAt(end) === mark) end++
  const before = text.charAt(at - 1)
  const after = text.charAt(end)
  const opensBy = !isSpace(after) && (!isSign(after) || isSpace(before) || isSign(before))
  const closesBy = !isSpace(before) && (!isSign(before) || isSpace(after) || isSign(after))
  const isInWord = mark === '_'
  const opens = opensBy && (!isInWord || !closesBy || isSign(before))
  const closes = closesBy && (!isInWord || !opensBy || isSign(after))
  const count = end - at
  reading.marks++
  reading.at = end
  if (mark === '~' ? count !== 2 : count > 3) {
    reading.at = at
    show(reading, end)
  } else reading.parts.push({ kind: 'mark', mark, at, count, opens, closes })
}

function isSpace(char: string): boolean {
  return char === '' || /\s/.test(char)
}

function isSign(char: string): boolean {
  return /[\p{P}\p{S}]/u.test(char)
}

function readLinkEnd(reading: Reading): void {
  const { lines, parts, brackets, at } = reading
  const open = brackets.at(-1)
  DESTINATION.lastIndex = at
  const found = open === undefined ? null : DESTINATION.exec(lines.text)
  if (open === undefined || found === null) {
    show(reading, at + 1)
    return
  }
  brackets.pop()
  const inside = emphasized(lines, parts.splice(open).slice(1))
  const href = webAddress(found[1] ?? found[2] ?? '')
  // A link without words would be nothing to see: what it leads to is shown instead.
  const children = inside.length > 0 ? inside : lines.leaves('text', at + 2, at + found[0].length - 1)
  if (children.length > 0) parts.push({ kind: 'inlines', inlines: [{ kind: 'link', href, children }] })
  reading.at = at + found[0].length
}

function readAutolink(reading: Reading): void {
  const { lines, at } = reading
  AUTOLINK.lastIndex = at
  const found = AUTOLINK.exec(lines.text)
  const address = found?.[1]
  if (address === undefined) {
    show(reading, at + 1)
    return
  }
  const children = lines.leaves('text', at + 1, at + 1 + address.length)
  reading.parts.push({
    kind: 'inlines',
    inlines: [{ kind: 'link', href: webAddress(address), children }],
  })
  reading.at = at + address.length + 2
}

/** Pairs the marks; those that stay alone are words. */
function emphasized(lines: JoinedLines, parts: readonly Part[]): Inline[] {
  const done: Part[] = []
  for (const part of parts) {
    if (part.kind === 'mark' && part.closes) closeWith(done, { ...part })
    else done.push(part.kind === 'mark' ? { ...part } : part)
  }
  return together(
    done.flatMap(part =>
      part.kind === 'inlines' ? part.inlines : lines.leaves('text', part.at, part.at + part.count),
    ),
  )

  function closeWith(open: Part[], closing: Extract<Part, { kind: 'mark' }>): void {
    let { count } = closing
    let { at } = closing
    while (count > 0) {
      const from = open.findLastIndex(
        part => part.kind === 'mark' && part.mark === closing.mark && part.opens && part.count > 0,
      )
      const opening = open[from]
      if (opening?.kind !== 'mark') break
      const used = Math.min(2, opening.count, count)
      const inside = open
        .splice(from + 1)
        .flatMap(part =>
          part.kind === 'inlines' ? part.inlines : lines.leaves('text', part.at, part.at + part.count),
        )
      opening.count -= used
      count -= used
      at += used
      if (opening.count === 0) open.pop()
      const kind = closing.mark === '~' ? 'struck' : used === 2 ? 'strong' : 'em'
      open.push({ kind: 'inlines', inlines: [{ kind, children: together(inside) }] })
    }
    if (count > 0) open.push({ ...closing, at, count })
  }
}

/** Neighbours that stand side by side in the text are one. */
function together(inlines: readonly Inline[]): Inline[] {
  const out: Inline[] = []
  for (const inline of inlines) {
    const last = out.at(-1)
    if (inline.kind === 'text' && last?.kind === 'text' && last.end === inline.start)
      out[out.length - 1] = { kind: 'text', start: last.start, end: inline.end }
    else out.push(inline)
  }
  return out
}
