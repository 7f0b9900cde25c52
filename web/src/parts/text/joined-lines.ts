// Lines of a text as one string without what stands before each of them (the marks of a quote, the indent of a list),
// and the way back from a place in that string to the place in the whole text.
import type { Leaf, Span } from './text-shape.ts'

export interface JoinedLines {
  readonly text: string
  /** The leaves of text[from, to): one, or several where something is left out between its lines. */
  leaves(kind: Leaf['kind'], from: number, to: number): Leaf[]
}

/** The lines do not hold their newlines; between two of them there is one. */
export function joinedLines(source: string, lines: readonly Span[]): JoinedLines {
  const text = lines.map(({ start, end }) => source.slice(start, end)).join('\n')
  const starts: number[] = []
  let at = 0
  for (const { start, end } of lines) {
    starts.push(at)
    at += end - start + 1
  }
  return {
    text,
    leaves(kind, from, to) {
      const leaves: Leaf[] = []
      for (let index = lineAt(starts, from); index < lines.length; index++) {
        const line = lines[index]
        const begin = starts[index] ?? 0
        if (line === undefined || begin >= to) break
        const start = line.start + Math.max(0, from - begin)
        // With its newline, which the line itself does not hold.
        const end = line.start + Math.min(to - begin, line.end - line.start + 1)
        const last = leaves.at(-1)
        if (last?.end === start) leaves[leaves.length - 1] = { kind, start: last.start, end }
        else if (end > start) leaves.push({ kind, start, end })
      }
      return leaves
    },
  }
}

/** The last line that begins at or before the place. */
function lineAt(starts: readonly number[], place: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= place) low = middle
    else high = middle - 1
  }
  return low
}
