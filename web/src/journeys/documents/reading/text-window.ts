// Which part of a long text is loaded: around a passage, or from the beginning, and onward from there. Pure.
import type { Span } from '../../../parts/text/text-shape.ts'

/** In UTF-16 code units; some ten screens. */
const PART = 40_000
const BEFORE = 8_000
/** A passage that is longer is loaded as its reader goes on. */
const LONGEST_PASSAGE = 200_000
/** How far to look for the end of a line. */
const LINE = 2_000

export function firstPart(passage: Span | undefined): Span {
  if (passage === undefined) return { start: 0, end: PART }
  const start = passage.start < 2 * BEFORE ? 0 : passage.start - BEFORE
  return { start, end: start + PART + Math.min(LONGEST_PASSAGE, passage.end - passage.start) }
}

export function nextPart(end: number, characters: number): Span | undefined {
  return end < characters ? { start: end, end: Math.min(characters, end + PART) } : undefined
}

export function previousPart(start: number): Span | undefined {
  return start > 0 ? { start: Math.max(0, start - PART), end: start } : undefined
}

export interface LoadedText {
  readonly text: string
  /** Where it begins in the whole text. */
  readonly start: number
  /** Length of the whole text. */
  readonly characters: number
}

/** Without the broken lines at the edges of what is loaded; nothing of the passage is cut. */
export function wholeLines({ text, start, characters }: LoadedText, passage: Span | undefined): LoadedText {
  const end = start + text.length
  const newline = text.indexOf('\n') + 1
  const isCutBefore = start > 0 && newline > 0 && newline <= LINE
  const from = isCutBefore && (passage === undefined || start + newline <= passage.start) ? newline : 0
  const last = text.lastIndexOf('\n') + 1
  const isCutAfter = end < characters && last > from && text.length - last <= LINE
  const to = isCutAfter && (passage === undefined || start + last >= passage.end) ? last : text.length
  return { text: text.slice(from, to), start: start + from, characters }
}

export interface PageSection {
  /** From 1; missing in a document without pages. */
  readonly page?: number
  readonly start: number
  readonly text: string
}

/** The loaded text cut at the beginnings of its pages. */
export function pageSections({ text, start }: LoadedText, pageStarts: readonly number[] = []): PageSection[] {
  if (pageStarts.length === 0) return [{ start, text }]
  const end = start + text.length
  return pageStarts.flatMap((begin, index) => {
    const from = Math.max(start, begin)
    const to = Math.min(end, pageStarts[index + 1] ?? Number.POSITIVE_INFINITY)
    return from < to ? [{ page: index + 1, start: from, text: text.slice(from - start, to - start) }] : []
  })
}

/** The page on which a place stands. */
export function pageAt(place: number, pageStarts: readonly number[] = []): number | undefined {
  const page = pageStarts.findLastIndex(begin => begin <= place) + 1
  return page === 0 ? undefined : page
}
