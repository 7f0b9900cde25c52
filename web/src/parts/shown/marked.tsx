// Text with ranges marked in it. The text is never read as HTML: what a document says stays what it says.
import { Fragment, type ReactNode } from 'react'

export interface Range {
  /** In UTF-16 code units, end exclusive. */
  readonly start: number
  readonly end: number
}

export interface MarkedProps {
  readonly text: string
  readonly ranges: readonly Range[]
  /** How a marked piece is shown; `mark` by default. */
  readonly piece?: (text: string, index: number) => ReactNode
}

export function Marked({ text, ranges, piece = (words: string) => <mark>{words}</mark> }: MarkedProps) {
  let shown = 0
  const pieces: ReactNode[] = []
  for (const [index, { start, end }] of inOrder(ranges, text.length).entries()) {
    if (start < shown) continue
    pieces.push(
      <Fragment key={start}>
        {text.slice(shown, start)}
        {piece(text.slice(start, end), index)}
      </Fragment>,
    )
    shown = end
  }
  return (
    <>
      {pieces}
      {text.slice(shown)}
    </>
  )
}

function inOrder(ranges: readonly Range[], length: number): Range[] {
  return ranges
    .filter(({ start, end }) => start >= 0 && start < end && end <= length)
    .toSorted((a, b) => a.start - b.start)
}
