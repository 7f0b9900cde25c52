// What parent and child say to each other. The child pulls: it asks for bytes, and waits until its text is taken.
// Each message names the file it is about, so that a late one of an earlier file is recognized.
import type { FileType } from '../file-type.ts'
import type { ParseLimits } from '../parse-limits.ts'
import type { ParseReason, RefusalFacts } from '../refusal.ts'

/** What a reader could not keep, as a code; the parent has the sentences. */
export const PARSE_WARNINGS = [
  'windows_1252',
  'invalid_characters',
  'pages_without_text',
  'too_deep',
  'images_left_out',
] as const
export type ParseWarning = (typeof PARSE_WARNINGS)[number]

/** At most this many UTF-16 units in one piece of text. */
export const MAX_PIECE = 65_536

export interface ChildParsed {
  readonly fileType: FileType
  readonly format: 'text' | 'markdown'
  readonly title: string | null
  readonly pages: number | null
  readonly warnings: readonly ParseWarning[]
}

export interface StartFile {
  readonly label: string | null
  readonly mediaType: string | null
  readonly size: number
  readonly limits: ParseLimits
}

export type ToChild =
  | { readonly kind: 'start'; readonly file: number; readonly start: StartFile }
  | { readonly kind: 'bytes'; readonly file: number; readonly bytes: Uint8Array | null }
  | { readonly kind: 'taken'; readonly file: number }

export type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'more'; readonly file: number }
  | { readonly kind: 'text'; readonly file: number; readonly text: string; readonly page: number | null }
  | { readonly kind: 'done'; readonly file: number; readonly parsed: ChildParsed }
  | {
      readonly kind: 'refused'
      readonly file: number
      readonly reason: ParseReason
      readonly facts: RefusalFacts
      /** For the log: the name of the error behind it, never its message. */
      readonly because: string | null
    }
