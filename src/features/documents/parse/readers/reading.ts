// What every reader is given, and what it gives back beside the text it wrote.
import type { FileType } from '../file-type.ts'
import type { ParseLimits } from '../parse-limits.ts'
import type { ParseWarning } from '../child/parser-messages.ts'
import type { TextSink } from './text-sink.ts'

export interface Reading {
  readonly sink: TextSink
  readonly limits: ParseLimits
  readonly claimed: FileType | undefined
  /** The end of the file's name: ndjson, tsv. */
  readonly extension: string
  warn(warning: ParseWarning): void
}

export interface ReadFacts {
  readonly title: string | null
  readonly pages: number | null
}

const MAX_TITLE = 300

/** A title on one line; null where it says nothing. */
export function titleOf(text: string | undefined): string | null {
  const title = (text ?? '')
    .slice(0, MAX_TITLE * 4)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, MAX_TITLE)
    .toWellFormed()
  return title === '' ? null : title
}
