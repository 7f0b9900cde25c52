// What a document is made from: a text, a small file, an upload, or a web address; exactly one of them.
import { z } from 'zod'
import { fault, type FieldIssue } from '../../../platform/faults.ts'
import { storableText } from '../../../platform/storable-text.ts'
import type { GivenAccess } from '../access/access-list.ts'
import type { DocumentFormat } from '../text/chunk.ts'
import { LANGUAGES, type Language } from '../text/language.ts'
import { unfitFields } from './document-fields.ts'

/** Of a text or a file that comes with the call itself; larger ones are uploaded first. */
export const MAX_INLINE_BYTES = 1_048_576
/** What 1 MiB is in base64, with padding. */
export const MAX_INLINE_BASE64 = 1_398_104

export const sourceInput = {
  title: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('Required with content; a file is otherwise called as it says itself or is named.'),
  content: z.string().min(1).max(MAX_INLINE_BYTES).optional().describe('The whole text, at most 1 MB.'),
  format: z
    .enum(['text', 'markdown'])
    .optional()
    .describe('Of content; text for a new document. With markdown, passages are cut at headings.'),
  data: z.string().min(1).max(MAX_INLINE_BASE64).optional().describe('A file of at most 1 MiB, in base64.'),
  blob_id: z.guid('must be a UUID').optional().describe('A complete upload of upload_blob.'),
  url: z
    .string()
    .min(1)
    .max(2_000)
    .optional()
    .describe('A public http(s) address; redirects are not followed.'),
  name: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('The file name: with the bytes it decides what kind of file it is.'),
  language: z.enum(LANGUAGES).optional().describe('Told from the text when left out.'),
}

export interface GivenSource {
  readonly title?: string | undefined
  readonly content?: string | undefined
  readonly format?: DocumentFormat | undefined
  readonly data?: string | undefined
  readonly blob_id?: string | undefined
  readonly url?: string | undefined
  readonly name?: string | undefined
  readonly language?: Language | undefined
  readonly external_id?: string | undefined
  readonly labels?: string[] | undefined
  readonly collection?: string | undefined
  readonly metadata?: Record<string, string | number | boolean> | undefined
  readonly access?: GivenAccess | undefined
}

const SOURCES = ['content', 'data', 'blob_id', 'url'] as const

/** How many sources are given. */
export function sourcesIn(given: GivenSource): number {
  return SOURCES.filter(source => given[source] !== undefined).length
}

/** Throws `invalid_input` with all that the schema cannot say. */
export function refuseUnfit(given: GivenSource): void {
  const issues = [...unfitSource(given), ...unfitTexts(given), ...unfitFields(given)]
  if (issues.length > 0)
    throw fault('invalid_input', { issues, say: issues.map(({ message }) => message).join('; ') })
}

function unfitSource(given: GivenSource): FieldIssue[] {
  const issues: FieldIssue[] = []
  const { content, data, url, title } = given
  if (sourcesIn(given) !== 1)
    issues.push({
      field: 'content',
      message: `give exactly one of content, data, blob_id and url, not ${sourcesIn(given)}`,
    })
  if (content !== undefined && title === undefined)
    issues.push({ field: 'title', message: 'title is required with content' })
  const bytes = Buffer.byteLength(content ?? '')
  if (bytes > MAX_INLINE_BYTES)
    issues.push({
      field: 'content',
      message: `content must have at most ${MAX_INLINE_BYTES} bytes, got ${bytes}`,
    })
  if (data !== undefined && !isBase64(data))
    issues.push({ field: 'data', message: 'data must be base64 (RFC 4648, with padding)' })
  if (url !== undefined && !isWebAddress(url))
    issues.push({ field: 'url', message: 'url must be an http or https address without user and password' })
  return issues
}

function unfitTexts({ title, content, external_id, name, url }: GivenSource): FieldIssue[] {
  const issues: FieldIssue[] = []
  for (const [field, text] of [
    ['title', title],
    ['content', content],
  ] as const) {
    if (text !== undefined && storableText(text).text.trim() === '')
      issues.push({ field, message: `${field} must not be blank` })
  }
  for (const [field, key] of [
    ['external_id', external_id],
    ['name', name],
    ['url', url],
  ] as const) {
    if (key !== undefined && storableText(key).cleaned)
      issues.push({ field, message: `${field} must be well-formed text without NUL` })
  }
  return issues
}

export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}

/** A password in it would be shown to every reader of the list of ingestions. */
function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}
