// How much one file may ask of a parser. Sizes in bytes, times in milliseconds, memory in megabytes.

export interface ParseLimits {
  /** Of a file that is read as a stream: text, Markdown, CSV. */
  readonly maxStreamedBytes: number
  /** Of every other file: most of it is in memory at once. */
  readonly maxBytes: number
  /** Of the text a file gives, in UTF-16 units. */
  readonly maxCharacters: number
  /** Pages of a PDF, slides, sheets. */
  readonly maxPages: number
  /** The parser's own time: while it waits for bytes or for its text to be taken, the clock stands still. */
  readonly timeoutMs: number
  /** Added to `timeoutMs` for each begun megabyte of the file. */
  readonly timeoutMsPerMb: number
  readonly maxMemoryMb: number
  /** Of all that is unzipped from one file, counted while inflating; what the file declares is not believed. */
  readonly maxUnzippedBytes: number
  /** Unzipped bytes for each zipped one, from the first megabyte on. */
  readonly maxUnzipRatio: number
  readonly maxEntries: number
}

const MB = 1_048_576

export const PARSE_LIMITS: ParseLimits = {
  maxStreamedBytes: 512 * MB,
  maxBytes: 100 * MB,
  maxCharacters: 400_000_000,
  maxPages: 2_000,
  timeoutMs: 60_000,
  timeoutMsPerMb: 1_000,
  maxMemoryMb: 768,
  maxUnzippedBytes: 256 * MB,
  maxUnzipRatio: 200,
  maxEntries: 10_000,
}

export function timeAllowed(limits: ParseLimits, size: number): number {
  return limits.timeoutMs + limits.timeoutMsPerMb * Math.ceil(size / MB)
}
