// What goes into a parser and what comes out.
import type { FileType } from './file-type.ts'

export interface FileSource {
  /** A name or path as somebody gave it; only its last segment is used, as a label. */
  readonly name: string | null
  readonly mediaType: string | null
  /** In bytes, as far as known; the bytes are counted all the same. */
  readonly size: number
  readonly bytes: AsyncIterable<Uint8Array>
}

/** At most 65,536 UTF-16 units, of one page, with whole surrogate pairs. The pieces joined are the text. */
export interface TextPiece {
  readonly text: string
  /** From 1: page of a PDF, slide, sheet. Null where the format has none. */
  readonly page: number | null
}

export interface Parsed {
  readonly fileType: FileType
  readonly format: 'text' | 'markdown'
  readonly title: string | null
  readonly pages: number | null
  /** Sentences about what could not be kept. */
  readonly warnings: readonly string[]
}

export interface ParseOptions {
  /** The tenant's id: a child never sees files of two groups. */
  readonly group: string
  readonly signal?: AbortSignal
  /** The child waits until this is done. What it throws ends the parsing and is thrown on. */
  onText(piece: TextPiece): Promise<void>
}
