// Chunks of a text that comes in pieces: its sections, cut into spans, with the pages they stand on.
import { markdownSections, type Outline } from './markdown-sections.ts'
import { spanCutter } from './spans.ts'
import { countTokens } from './tokens.ts'

export type DocumentFormat = 'text' | 'markdown'

export interface Chunk {
  /** [start, end) in UTF-16 units of the whole text: `whole.slice(start, end)` is the chunk's content. */
  readonly start: number
  readonly end: number
  /** The headings above, outermost first: 'Security > Incident response'; empty where there is none. */
  readonly heading: string
  readonly content: string
  /** `countTokens(content)`. */
  readonly tokens: number
  /** The pages of its first and of its last character, counted as the marks count; null before any mark. */
  readonly page: number | null
  readonly lastPage: number | null
}

/** A page starts at the offset `at` (UTF-16 units of the whole text). */
export interface PageMark {
  readonly at: number
  readonly page: number
}

/**
 * Give the pieces of a text in order, `last` with the final one. The chunks do not depend on where the text is
 * split. `pages` ascend; marks may still be added while the text comes, each before its text.
 */
export function chunker(format: DocumentFormat, pages: readonly PageMark[] = []) {
  const outline = format === 'markdown' ? markdownSections() : oneSection()
  const cutter = spanCutter()
  let heading = ''

  return (piece: string, last: boolean): Chunk[] => {
    const chunks: Chunk[] = []
    const cut = (limit: number, closed: boolean) => {
      for (const span of cutter.cut(limit, closed)) {
        const tokens = countTokens(span.content)
        const page = pageAt(pages, span.start)
        const lastPage = pageAt(pages, span.end - 1)
        const { start, end, content } = span
        chunks.push({ start, end, heading, content, tokens, page, lastPage })
      }
    }
    cutter.append(piece)
    const { opened, settled } = outline.read(piece, last)
    for (const section of opened) {
      cut(section.start, true)
      heading = section.heading
    }
    cut(settled, last)
    return chunks
  }
}

function oneSection(): { read(piece: string): Outline } {
  let settled = 0
  return {
    read(piece) {
      settled += piece.length
      return { opened: [], settled }
    },
  }
}

function pageAt(pages: readonly PageMark[], offset: number): number | null {
  let [low, high] = [0, pages.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((pages[middle]?.at ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return pages[low - 1]?.page ?? null
}
