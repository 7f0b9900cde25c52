// What stands in the addresses of documents. Forgiving: what is not understood is left out.
import type { FileType, Language } from '../../api/operations.gen.ts'

export const FILE_TYPES: readonly FileType[] = [
  'markdown',
  'text',
  'html',
  'pdf',
  'docx',
  'xlsx',
  'pptx',
  'csv',
  'json',
]

export const LANGUAGES: readonly Language[] = ['english', 'german', 'french', 'spanish', 'simple']

export interface DocumentsParams {
  readonly collection?: string
  readonly label?: string
  readonly type?: FileType
  readonly language?: Language
  /** The `next_cursor` of the page before. */
  readonly after?: string
}

const LONGEST = 200

export function documentsParams(given: Record<string, unknown>): DocumentsParams {
  return {
    ...words('collection', given),
    ...words('label', given),
    ...oneOf('type', FILE_TYPES, given),
    ...oneOf('language', LANGUAGES, given),
    ...words('after', given),
  }
}

export interface DocumentParams {
  /** The newest one by default. */
  readonly version?: number
  /** A passage to mark: where it begins and ends in the text of the version, in UTF-16 code units. */
  readonly from?: number
  readonly to?: number
  /** Shows what has changed since this version instead of the text. */
  readonly since?: number
}

export function documentParams(given: Record<string, unknown>): DocumentParams {
  const { from, to } = { ...whole('from', given), ...whole('to', given) }
  return {
    ...whole('version', given, 1),
    // Half a passage is none.
    ...(from !== undefined && to !== undefined && from < to ? { from, to } : {}),
    ...whole('since', given, 1),
  }
}

type Given<Name extends string, Value> = { [name in Name]?: Value }

function words<Name extends string>(name: Name, given: Record<string, unknown>): Given<Name, string> {
  const value = given[name]
  // A collection may be called 2024: the router reads numbers as such.
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text !== '' && text.length <= LONGEST ? only(name, text) : {}
}

function oneOf<Name extends string, Value extends string>(
  name: Name,
  values: readonly Value[],
  given: Record<string, unknown>,
): Given<Name, Value> {
  const value = values.find(one => one === given[name])
  return value === undefined ? {} : only(name, value)
}

const LARGEST = 2_147_483_647

function whole<Name extends string>(
  name: Name,
  given: Record<string, unknown>,
  least = 0,
): Given<Name, number> {
  const value = given[name]
  const isFit = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= LARGEST
  return isFit ? only(name, value) : {}
}

function only<Name extends string, Value>(name: Name, value: Value): Given<Name, Value> {
  return { [name]: value } as Given<Name, Value>
}
