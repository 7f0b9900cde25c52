// How a document is described wherever one is shown, beside its text.
import { z } from 'zod'
import type { DocumentFormat } from '../text/chunk.ts'
import { LANGUAGES, type Language } from '../text/language.ts'
import { FILE_TYPES, type FileType } from '../parse/file-type.ts'
import type { Metadata } from './document-fields.ts'

export interface DocumentRow {
  readonly id: string
  readonly external_id: string | null
  readonly title: string
  readonly name: string | null
  readonly format: DocumentFormat
  readonly file_type: FileType
  readonly language: Language
  readonly labels: string[]
  readonly collection: string | null
  readonly metadata: Metadata
  readonly current_version: number
  readonly created_at: Date
  readonly updated_at: Date
}

/** The shape, for a strict object. */
export const Described = {
  document_id: z.string(),
  title: z.string(),
  name: z.string().optional().describe('The name of the file it was read from.'),
  format: z.enum(['text', 'markdown']).describe('How its text is written.'),
  file_type: z.enum(FILE_TYPES),
  language: z.enum(LANGUAGES),
  external_id: z.string().optional(),
  labels: z.array(z.string()),
  collection: z.string().optional(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  version: z.int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
}

const DescribedDocument = z.strictObject(Described)

/** Of a row that may have more columns. */
export function describeDocument(row: DocumentRow): z.input<typeof DescribedDocument> {
  return {
    document_id: row.id,
    title: row.title,
    ...(row.name === null ? {} : { name: row.name }),
    format: row.format,
    file_type: row.file_type,
    language: row.language,
    ...(row.external_id === null ? {} : { external_id: row.external_id }),
    labels: row.labels,
    ...(row.collection === null ? {} : { collection: row.collection }),
    metadata: row.metadata,
    version: row.current_version,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}
