// The sentence for each reason a file was not read. They are made of counts and names of formats only: a `say` never
// quotes the document.
import { fault, type Fault, type FaultCode } from '../../../platform/faults.ts'
import { FILE_TYPES } from './file-type.ts'
import type { ParseLimits } from './parse-limits.ts'
import type { ParseWarning } from './child/parser-messages.ts'
import { CONTENTS, type ParseReason, type RefusalFacts } from './refusal.ts'

const READABLE = FILE_TYPES.join(', ')
const RESAVE = 'open it in the program it was made with, save it again, and send that file'

type Say = (facts: RefusalFacts, limits: ParseLimits) => string

const SAY: Record<ParseReason, Say> = {
  unsupported_type: ({ found }) =>
    `The file is ${CONTENTS[found ?? 'binary']}; what can be read is ${READABLE}.`,
  wrong_type: ({ found, claimed = 'text' }) =>
    `The file is named as ${CONTENTS[claimed]} but holds ${CONTENTS[found ?? 'binary']}: give it its right name, or send the file that was meant.`,
  ambiguous_type: () =>
    `The file can be read as two different formats at once, so what it says depends on the reader: ${RESAVE}.`,
  scanned_pdf: ({ count = 0 }) =>
    `The PDF holds ${count} ${count === 1 ? 'page' : 'pages'} of images and no text; text recognition is not available yet: run it through a text recognition program and send the result.`,
  encrypted: () => 'The file is protected by a password: remove the password and send it again.',
  damaged: () => `The file is incomplete or damaged: ${RESAVE}.`,
  too_large: (_, limits) =>
    `The file is too large: at most ${mb(limits.maxStreamedBytes)} of plain text, Markdown or CSV and ${mb(limits.maxBytes)} of anything else can be read; split it into parts.`,
  too_many_pages: ({ count = 0 }, limits) =>
    `The file has ${count} pages, slides or sheets, and at most ${limits.maxPages} can be read: split it into parts.`,
  too_much_unzipped: (_, limits) =>
    `The file unpacks to far more than its size, or more than ${mb(limits.maxUnzippedBytes)} or ${limits.maxEntries} entries: ${RESAVE}, or split it into parts.`,
  too_much_text: (_, limits) =>
    `The file gives more than ${limits.maxCharacters} characters of text: split it into parts.`,
  parse_timeout: () => 'Reading the file took too long and was stopped: split it into parts.',
  parse_memory: () => 'Reading the file took too much memory and was stopped: split it into parts.',
  no_text: () => 'The file holds no text.',
}

/** What a file of that kind can never be, as against a file that is wrong in itself. */
const UNSUPPORTED: ReadonlySet<ParseReason> = new Set(['unsupported_type', 'scanned_pdf', 'encrypted'])

export interface ParseRefusal {
  readonly reason: ParseReason
  readonly facts?: RefusalFacts
  /** For the log. */
  readonly detail?: string | undefined
}

export function parseFault({ reason, facts = {}, detail }: ParseRefusal, limits: ParseLimits): Fault {
  const code: FaultCode = UNSUPPORTED.has(reason) ? 'unsupported' : 'invalid_input'
  const say = SAY[reason](facts, limits)
  return fault(code, { reason, say, ...(detail === undefined ? {} : { detail: `${reason}: ${detail}` }) })
}

const WARNINGS: Record<ParseWarning, string> = {
  windows_1252: 'The text is not UTF-8; it was read as Windows-1252.',
  invalid_characters: 'Some characters were not valid UTF-8 and stand as U+FFFD.',
  pages_without_text: 'Some pages hold no text, perhaps only images; text recognition is not available yet.',
  too_deep: 'Values nested more than 100 levels deep were left out.',
  images_left_out: 'Images were left out.',
}

export function warningSentence(warning: ParseWarning): string {
  return WARNINGS[warning]
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`
}
