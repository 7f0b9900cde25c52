// The lines of a text that comes in pieces; of a long line only its begin, at once, and never the rest.
import type { Line } from './markdown-block.ts'

/** UTF-16 units of a line that are looked at. */
const MAX_LINE = 1_000

export interface LineReader {
  /** The lines that became known with this piece; `last`: the text ends with it. */
  read(piece: string, last: boolean): Generator<Line>
  /** All lines that begin before this offset of the text have been given. */
  settled(): number
}

export function lineReader(): LineReader {
  let position = 0
  let start = 0
  let text = ''
  /** The line under way was long and has been given. */
  let given = false

  return {
    *read(piece, last) {
      const base = position
      for (let at = 0; at < piece.length; ) {
        const newline = piece.indexOf('\n', at)
        const end = newline === -1 ? piece.length : newline
        if (!given) text += piece.slice(at, Math.min(end, at + MAX_LINE + 1 - text.length))
        at = newline === -1 ? end : end + 1
        position = base + at
        if (!given && text.length > MAX_LINE) {
          given = true
          yield { start, text, long: true }
        }
        if (newline === -1) continue
        if (!given) yield { start, text, long: false }
        start = position
        text = ''
        given = false
      }
      if (last && text !== '' && !given) yield { start, text, long: false }
      if (last) start = position
    },
    settled: () => (given ? position : start),
  }
}
