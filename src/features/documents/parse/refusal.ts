// Why a file is not read. In the child a refusal is a reason and bare facts; sentences are made by the parent
// (parse-faults.ts), so that nothing a document says can reach a sentence.
import type { FileType } from './file-type.ts'

export const PARSE_REASONS = [
  'unsupported_type',
  'wrong_type',
  'ambiguous_type',
  'scanned_pdf',
  'encrypted',
  'damaged',
  'too_large',
  'too_many_pages',
  'too_much_unzipped',
  'too_much_text',
  'parse_timeout',
  'parse_memory',
  'no_text',
] as const
export type ParseReason = (typeof PARSE_REASONS)[number]

/** What a file can turn out to hold, in words. */
export const CONTENTS = {
  markdown: 'Markdown text',
  text: 'plain text',
  html: 'a web page',
  pdf: 'a PDF',
  docx: 'a Word document',
  xlsx: 'an Excel workbook',
  pptx: 'a PowerPoint presentation',
  csv: 'a CSV table',
  json: 'JSON',
  png: 'a PNG image',
  jpeg: 'a JPEG image',
  gif: 'a GIF image',
  tiff: 'a TIFF image',
  media: 'a sound, film or picture file',
  archive: 'an archive',
  zip: 'a ZIP archive',
  opendocument: 'an OpenDocument file or e-book',
  oldOffice: 'an Office file in the format used before 2007',
  rtf: 'an RTF document',
  program: 'a program',
  database: 'a database file',
  binary: 'binary data of an unknown kind',
} as const
export type Contents = keyof typeof CONTENTS

export interface RefusalFacts {
  readonly found?: Contents
  readonly claimed?: FileType
  /** Pages, entries or bytes: whatever was counted. */
  readonly count?: number
}

export class Refusal extends Error {
  readonly reason: ParseReason
  readonly facts: RefusalFacts

  constructor(reason: ParseReason, facts: RefusalFacts = {}, because?: unknown) {
    super(reason, { cause: because })
    this.reason = reason
    this.facts = facts
  }
}
