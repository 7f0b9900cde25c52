// What a caller says about a document beside its text: name, labels, collection, metadata; and the rows by which
// documents are filtered.
import { z } from 'zod'
import type { Writer } from '../../../platform/db/database.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import type { FieldIssue } from '../../../platform/faults.ts'
import { storableText } from '../../../platform/storable-text.ts'

export const label = z.string().min(1).max(100)
export const collection = z.string().min(1).max(100)
export const metadataKey = z
  .string()
  .regex(/^[\p{L}\p{N}_.-]{1,100}$/u, 'must be 1 to 100 letters, digits, _ . or -')
const metadataValue = z.union([z.string().max(500), z.number(), z.boolean()])
export const metadata = z.record(metadataKey, metadataValue)

export type Metadata = z.output<typeof metadata>

const MAX_KEYS = 50

/** The fields as an input has them; all optional. */
export const fieldsInput = {
  labels: z.array(label).max(50).optional().describe('For filters and for the cost per client or matter.'),
  collection: collection.optional().describe('The one group of documents it belongs to, like a folder.'),
  metadata: metadata
    .optional()
    .describe('Your own keys with texts, numbers or true/false, to filter by; dates as ISO 8601.'),
}

/** As a document keeps them; an absent one is not given. */
export interface DocumentFields {
  readonly name?: string | null
  readonly labels?: readonly string[]
  readonly collection?: string | null
  readonly metadata?: Metadata
}

interface GivenFields {
  readonly labels?: readonly string[] | undefined
  readonly collection?: string | undefined
  readonly metadata?: Metadata | undefined
}

/** The fields as given, labels once each. */
export function fieldsOf({ labels, collection: group, metadata: meta }: GivenFields): DocumentFields {
  return {
    ...(labels === undefined ? {} : { labels: [...new Set(labels)] }),
    ...(group === undefined ? {} : { collection: group }),
    ...(meta === undefined ? {} : { metadata: meta }),
  }
}

/** What the schema cannot say. Keys are refused where texts are cleaned: a changed key would be another key. */
export function unfitFields({
  labels = [],
  collection: group,
  metadata: meta = {},
}: GivenFields): FieldIssue[] {
  const texts: [string, string][] = [
    ...labels.map((text, at): [string, string] => [`labels.${at}`, text]),
    ['collection', group ?? ''],
    ...Object.entries(meta).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[`metadata.${key}`, value]] : [],
    ),
  ]
  const issues = texts
    .filter(([, text]) => storableText(text).cleaned)
    .map(([field]) => ({ field, message: `${field} must be well-formed text without NUL` }))
  const keys = Object.keys(meta).length
  if (keys > MAX_KEYS)
    issues.push({ field: 'metadata', message: `metadata must have at most ${MAX_KEYS} keys, got ${keys}` })
  return issues
}

type DocumentKey = { readonly tenant_id: string; readonly document_id: string }
const deleteRows = sqlFile<DocumentKey, never>(import.meta.url, './delete-fields.sql')
const insertRows = sqlFile<DocumentKey, never>(import.meta.url, './insert-fields.sql')

/** Writes the rows by which the document is filtered, anew, from what its own row says. */
export async function insertFields(tx: Writer, key: DocumentKey): Promise<void> {
  await tx.run(deleteRows(key))
  await tx.run(insertRows(key))
}
