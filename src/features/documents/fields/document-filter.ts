// What narrows a search or a list: labels, collections, languages, types of file, and the caller's own metadata.
// Every key and value travels as data to app.matching_versions, never as SQL.
import { z } from 'zod'
import { fault, type FieldIssue } from '../../../platform/faults.ts'
import { storableText } from '../../../platform/storable-text.ts'
import { FILE_TYPES } from '../parse/file-type.ts'
import { LANGUAGES } from '../text/language.ts'
import { collection, label, metadataKey } from './document-fields.ts'

const text = z.string().max(500)
const value = z.union([text, z.number(), z.boolean()])
const bound = z.union([text, z.number()]).optional()
const bounds = z.strictObject({ gte: bound, gt: bound, lte: bound, lt: bound })
const wanted = z.union([value, z.strictObject({ in: z.array(value).min(1).max(100) }), bounds])

export const documentFilter = z
  .strictObject({
    labels: z.array(label).min(1).max(50).optional().describe('Documents with one of these labels.'),
    collections: z.array(collection).min(1).max(50).optional().describe('Documents in one of these.'),
    languages: z.array(z.enum(LANGUAGES)).min(1).optional(),
    file_types: z.array(z.enum(FILE_TYPES)).min(1).optional(),
    metadata: z
      .record(metadataKey, wanted)
      .optional()
      .describe(
        'For each key a value it must have, {"in": [values]}, or bounds {"gte", "gt", "lte", "lt"}; dates compare as ISO 8601 texts.',
      ),
  })
  .describe('Only documents that meet all of these.')

export type DocumentFilter = z.output<typeof documentFilter>

/** A condition as app.matching_versions reads it. */
type Condition = { readonly key: string } & (
  | { readonly texts: readonly string[]; readonly numbers: readonly number[] }
  | ({ readonly of: 'text' | 'number' } & Partial<Record<Bound, string | number>>)
)
type Bound = 'gte' | 'gt' | 'lte' | 'lt'

/** The filter as one JSON text for the statement; null when it asks for nothing. */
export function conditionsOf(filter: DocumentFilter | undefined): string | null {
  const { labels, collections, languages, file_types, metadata = {} } = filter ?? {}
  const named = { label: labels, collection: collections, language: languages, file_type: file_types }
  const conditions: Condition[] = Object.entries(named).flatMap(([key, texts]) =>
    texts === undefined ? [] : [{ key, texts, numbers: [] }],
  )
  const issues: FieldIssue[] = []
  for (const [key, want] of Object.entries(metadata)) {
    const condition = conditionOf(`meta.${key}`, want)
    if (typeof condition === 'string')
      issues.push({ field: `filter.metadata.${key}`, message: `filter.metadata.${key} ${condition}` })
    else conditions.push(condition)
  }
  let storable = true
  // Text by text: in the JSON what cannot be stored stands escaped, as a text may of itself.
  const words = JSON.stringify(conditions, (_, part: unknown) => {
    if (typeof part === 'string' && storableText(part).cleaned) storable = false
    return part
  })
  if (!storable) issues.push({ field: 'filter', message: 'filter must hold well-formed texts without NUL' })
  if (issues.length > 0)
    throw fault('invalid_input', { issues, say: issues.map(({ message }) => message).join('; ') })
  return conditions.length === 0 ? null : words
}

/** The condition, or what is wrong with it. */
function conditionOf(key: string, want: z.output<typeof wanted>): Condition | string {
  if (typeof want !== 'object') return oneOf(key, [want])
  if ('in' in want) return oneOf(key, want.in)
  const given = Object.entries(want).filter(([, limit]) => limit !== undefined)
  if (given.length === 0) return 'must name a value, "in", or a bound'
  const kinds = new Set(given.map(([, limit]) => typeof limit))
  if (kinds.size > 1) return 'must have bounds that are all numbers or all texts'
  return { key, of: kinds.has('number') ? 'number' : 'text', ...want } as Condition
}

function oneOf(key: string, values: readonly (string | number | boolean)[]): Condition {
  return {
    key,
    texts: values.filter(one => typeof one !== 'number').map(String),
    numbers: values.filter(one => typeof one === 'number'),
  }
}
