// Cuts a document into chunks: what a search finds and a citation points at. Pure and stable: the same text
// always gives the same chunks, and everything but white space lies in one.
import { sections } from './sections.ts'

export type DocumentFormat = 'text' | 'markdown'

export interface Chunk {
  /** [start, end) in UTF-16 code units: `content.slice(start, end)` is the chunk's content. */
  readonly start: number
  readonly end: number
  /** The headings above, outermost first: 'Security > Incident response'; empty where there is none. */
  readonly heading: string
  readonly content: string
}

const TARGET = 1_000
const MAX = 1_500
/** No chunk is cut shorter than this for the sake of a better place. */
const MIN = 400

/** Where a text may be cut, best first: after a paragraph, a sentence, a line, a word. A match ends at the cut. */
const SEAMS = [/\n[ \t]*\r?\n/g, /[.!?…。！？]["'”’)\]]*\s+|[。！？]/g, /\n/g, /\s+/g]

export function chunk(content: string, format: DocumentFormat): Chunk[] {
  const parts = format === 'markdown' ? sections(content) : [{ start: 0, end: content.length, heading: '' }]
  return parts.flatMap(part =>
    spans(content, part.start, part.end).map(span => ({
      ...span,
      heading: part.heading,
      content: content.slice(span.start, span.end),
    })),
  )
}

interface Span {
  readonly start: number
  readonly end: number
}

function spans(content: string, from: number, to: number): Span[] {
  const found: Span[] = []
  for (let at = from; at < to; ) {
    const cut = to - at <= MAX ? to : cutAfter(content, at)
    const start = cut - content.slice(at, cut).trimStart().length
    const end = at + content.slice(at, cut).trimEnd().length
    if (start < end) found.push({ start, end })
    at = cut
  }
  return found
}

/** The cut nearest to the target size, of the best kind there is within the bounds. */
function cutAfter(content: string, at: number): number {
  const window = content.slice(at, at + MAX)
  for (const seam of SEAMS) {
    const cuts = Array.from(window.matchAll(seam), match => match.index + match[0].length)
    const cut = nearestToTarget(cuts.filter(end => end >= MIN))
    if (cut !== undefined) return at + cut
  }
  // One word longer than a chunk: it is cut, but never through a surrogate pair.
  return at + (isLowSurrogate(content.charCodeAt(at + TARGET)) ? TARGET - 1 : TARGET)
}

function nearestToTarget(cuts: readonly number[]): number | undefined {
  return cuts.toSorted((a, b) => Math.abs(a - TARGET) - Math.abs(b - TARGET))[0]
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
