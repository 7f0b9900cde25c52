// What stands in the address of a search. Whatever is not understood is dropped: an old link still finds something.
import type { Input } from '../../api/call.ts'

type Filter = NonNullable<Input<'hybrid_search'>['filter']>
export type Language = NonNullable<Filter['languages']>[number]
export type FileType = NonNullable<Filter['file_types']>[number]
export type MetaValue = string | number | boolean

/** What a key of the metadata must be: one of these, or within bounds that count themselves. */
export type MetaWanted =
  | { readonly in: readonly MetaValue[] }
  | { readonly gte?: string | number; readonly lte?: string | number }

export interface FilterParams {
  readonly labels?: readonly string[]
  readonly collections?: readonly string[]
  readonly languages?: readonly Language[]
  readonly types?: readonly FileType[]
  readonly meta?: { readonly [key: string]: MetaWanted }
}

export interface SearchParams extends FilterParams {
  readonly q?: string
  /** Weight of the words in percent, 0 to 100; the rest is the likeness's. */
  readonly words?: number
  /** Hits at most. */
  readonly n?: (typeof LIMITS)[number]
  /** Words, both and likeness beside each other. */
  readonly view?: 'compare'
  /** A document that is asked about: its id or external id; empty while one is being chosen. */
  readonly why?: string
}

export const LIMITS = [10, 20, 50] as const
const LANGUAGES: readonly Language[] = ['english', 'german', 'french', 'spanish', 'simple']
/** As many as the server takes. */
const MOST = 50
const LONGEST = 500

export function searchParams(given: Record<string, unknown>): SearchParams {
  const words = given['words']
  const limit = LIMITS.find(one => one === given['n'])
  return {
    ...(text(given['q']) ? { q: String(given['q']) } : {}),
    ...(typeof words === 'number' && words >= 0 && words <= 100 ? { words: Math.round(words) } : {}),
    ...(limit === undefined ? {} : { n: limit }),
    ...(given['view'] === 'compare' ? { view: 'compare' as const } : {}),
    ...(text(given['why']) || given['why'] === '' ? { why: String(given['why']) } : {}),
    ...filterParams(given),
  }
}

function filterParams(given: Record<string, unknown>): FilterParams {
  const [labels, collections, types] = [
    texts(given['labels']),
    texts(given['collections']),
    texts(given['types']),
  ]
  const languages = LANGUAGES.filter(one => texts(given['languages']).includes(one))
  const meta = wantedOf(given['meta'])
  return {
    ...(labels.length === 0 ? {} : { labels }),
    ...(collections.length === 0 ? {} : { collections }),
    ...(languages.length === 0 ? {} : { languages }),
    // The server knows the types of file, and refuses another by name.
    ...(types.length === 0 ? {} : { types: types as FileType[] }),
    ...(Object.keys(meta).length === 0 ? {} : { meta }),
  }
}

/** For the server; undefined when nothing is asked for. */
export function filterOf({ labels, collections, languages, types, meta }: FilterParams): Filter | undefined {
  const filter: Filter = {
    ...(labels && { labels }),
    ...(collections && { collections }),
    ...(languages && { languages }),
    ...(types && { file_types: types }),
    ...(meta && { metadata: meta }),
  }
  return Object.keys(filter).length === 0 ? undefined : filter
}

/** The address without its filter; the question stays. */
export function withoutFilter(params: SearchParams): SearchParams {
  return without(params, 'labels', 'collections', 'languages', 'types', 'meta')
}

export function without(params: SearchParams, ...keys: (keyof SearchParams)[]): SearchParams {
  const left: readonly string[] = keys
  return Object.fromEntries(Object.entries(params).filter(([key]) => !left.includes(key)))
}

function wantedOf(given: unknown): Record<string, MetaWanted> {
  const wanted: Record<string, MetaWanted> = {}
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return wanted
  for (const [key, want] of Object.entries(given as Record<string, unknown>).slice(0, MOST)) {
    if (typeof want !== 'object' || want === null) continue
    const { in: values, gte, lte } = want as Record<string, unknown>
    if (Array.isArray(values)) {
      const known = values.filter(isValue).slice(0, MOST)
      if (known.length > 0) wanted[key] = { in: known }
    } else if (isBound(gte) || isBound(lte))
      wanted[key] = { ...(isBound(gte) ? { gte } : {}), ...(isBound(lte) ? { lte } : {}) }
  }
  return wanted
}

function texts(given: unknown): string[] {
  const list: unknown[] = Array.isArray(given) ? given : []
  return [...new Set(list.filter(text))].slice(0, MOST)
}

function text(given: unknown): given is string {
  return typeof given === 'string' && given !== '' && given.length <= 10_000
}

function isValue(given: unknown): given is MetaValue {
  return typeof given === 'boolean' || isBound(given)
}

function isBound(given: unknown): given is string | number {
  return typeof given === 'number' || (typeof given === 'string' && given !== '' && given.length <= LONGEST)
}
