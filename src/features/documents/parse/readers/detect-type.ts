// What a file is: its first bytes decide, then its name and declared type. A file that is two things, or another than
// its name says, is refused: which of the two a later reader would see is the attacker's choice.
import { claimedType, type FileType } from '../file-type.ts'
import { type Contents, Refusal } from '../refusal.ts'

/** A ZIP is opened to see which kind it is (readers/office-kind.ts). */
export type Detected =
  | { readonly kind: 'text'; readonly fileType: FileType; readonly claimed: FileType | undefined }
  | { readonly kind: 'pdf'; readonly claimed: FileType | undefined }
  | { readonly kind: 'zip'; readonly claimed: FileType | undefined }

const MAGIC: readonly (readonly [Contents, readonly number[], number?])[] = [
  ['png', [0x89, 0x50, 0x4e, 0x47]],
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['gif', [0x47, 0x49, 0x46, 0x38]],
  ['tiff', [0x49, 0x49, 0x2a, 0x00]],
  ['tiff', [0x4d, 0x4d, 0x00, 0x2a]],
  ['media', [0x52, 0x49, 0x46, 0x46]],
  ['media', [0x49, 0x44, 0x33]],
  ['media', [0x66, 0x74, 0x79, 0x70], 4],
  ['media', [0x4f, 0x67, 0x67, 0x53]],
  ['media', [0x1a, 0x45, 0xdf, 0xa3]],
  ['archive', [0x1f, 0x8b]],
  ['archive', [0x42, 0x5a, 0x68]],
  ['archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['archive', [0x52, 0x61, 0x72, 0x21, 0x1a]],
  ['archive', [0x75, 0x73, 0x74, 0x61, 0x72], 257],
  ['program', [0x7f, 0x45, 0x4c, 0x46]],
  ['program', [0x4d, 0x5a, 0x90, 0x00]],
  ['program', [0xca, 0xfe, 0xba, 0xbe]],
  ['program', [0x00, 0x61, 0x73, 0x6d]],
  ['database', [...Buffer.from('SQLite format 3')]],
  ['rtf', [...Buffer.from('{\\rtf')]],
]
const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
const TEXTS: ReadonlySet<FileType> = new Set(['markdown', 'text', 'html', 'csv', 'json'])

/** `head` is the beginning of the file, up to 64 KB. */
export function detectType(head: Buffer, label: string | null, mediaType: string | null): Detected {
  const claimed = claimedType(label, mediaType)
  const isZip = startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06])
  const pdfAt = pdfHeader(head, claimed)
  if (isZip && pdfAt >= 0) throw new Refusal('ambiguous_type')
  if (isZip) return { kind: 'zip', claimed }
  if (pdfAt >= 0) {
    refuseUnless(claimed === undefined || claimed === 'pdf', 'pdf', claimed)
    return { kind: 'pdf', claimed }
  }
  if (startsWith(head, OLE)) throw oleRefusal(head)
  const magic = MAGIC.find(([, bytes, offset]) => startsWith(head, bytes, offset))
  if (magic !== undefined) {
    if (claimed === undefined) throw new Refusal('unsupported_type', { found: magic[0] })
    throw new Refusal('wrong_type', { found: magic[0], claimed })
  }
  refuseUnless(claimed === undefined || TEXTS.has(claimed), textOrBinary(head), claimed)
  return { kind: 'text', claimed, fileType: claimed ?? (looksLikeHtml(head) ? 'html' : 'text') }
}

/** Throws wrong_type, or unsupported_type where the name claimed nothing. */
export function refuseUnless(fits: boolean, found: Contents, claimed: FileType | undefined): void {
  if (fits) return
  throw claimed === undefined
    ? new Refusal('unsupported_type', { found })
    : new Refusal('wrong_type', { found, claimed })
}

/**
 * Readers of PDF accept the header anywhere in the first 1,024 bytes. In a ZIP that makes a file of two meanings, in a
 * text it may be a mention; what is named .pdf is taken at its word.
 */
function pdfHeader(head: Buffer, claimed: FileType | undefined): number {
  const at = head.subarray(0, 1_029).indexOf('%PDF-')
  const blank = at >= 0 && /^[\s\uFEFF]*$/.test(head.subarray(0, at).toString('utf8'))
  return blank || claimed === 'pdf' || startsWith(head, [0x50, 0x4b]) ? at : -1
}

/** Office files with a password are not ZIPs but this older container, around the encrypted one. */
function oleRefusal(head: Buffer): Refusal {
  const encrypted = head.includes(Buffer.from('EncryptedPackage', 'utf16le'))
  return encrypted ? new Refusal('encrypted') : new Refusal('unsupported_type', { found: 'oldOffice' })
}

function textOrBinary(head: Buffer): Contents {
  if (head.includes(0)) return 'binary'
  return looksLikeHtml(head) ? 'html' : 'text'
}

function looksLikeHtml(head: Buffer): boolean {
  return /^\uFEFF?\s*(<!doctype\s+html|<html[\s>])/i.test(head.subarray(0, 1_024).toString('utf8'))
}

function startsWith(head: Buffer, bytes: readonly number[], offset = 0): boolean {
  return bytes.every((byte, at) => head[offset + at] === byte)
}
