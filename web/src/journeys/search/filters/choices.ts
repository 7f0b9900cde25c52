// What a search can be narrowed by, told from the documents there are. Counts are of the documents looked at.
import type { Output } from '../../../api/call.ts'
import { type FilterParams, type MetaValue, type MetaWanted, without } from '../search-params.ts'

export type DocumentRow = Pick<
  Output<'list_documents'>['documents'][number],
  'labels' | 'collection' | 'language' | 'file_type' | 'metadata'
>

export interface Choice<Value extends MetaValue = string> {
  readonly value: Value
  readonly documents: number
}

/** A key of the metadata: with values to choose from, or with so many that bounds serve better. */
export interface MetaChoice {
  readonly key: string
  readonly kind: 'values' | 'number' | 'date'
  /** Most frequent first; of bounds none. */
  readonly values: readonly Choice<MetaValue>[]
}

export interface Choices {
  readonly labels: readonly Choice[]
  readonly collections: readonly Choice[]
  readonly languages: readonly Choice[]
  readonly types: readonly Choice[]
  readonly meta: readonly MetaChoice[]
}

/** More values of a key than that are not chosen from, where they can be bounded. */
const FEW = 6
/** And more are not shown at all. */
const MOST_VALUES = 100
const DATE = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?$/

export function choicesOf(documents: readonly DocumentRow[]): Choices {
  return {
    labels: counted(documents.flatMap(({ labels }) => labels)),
    collections: counted(documents.flatMap(({ collection }) => collection ?? [])),
    languages: counted(documents.map(({ language }) => language)),
    types: counted(documents.map(({ file_type }) => file_type)),
    meta: metaOf(documents),
  }
}

function metaOf(documents: readonly DocumentRow[]): MetaChoice[] {
  const byKey = new Map<string, MetaValue[]>()
  for (const { metadata } of documents) {
    for (const [key, value] of Object.entries(metadata)) {
      const known = byKey.get(key)
      if (known === undefined) byKey.set(key, [value])
      else known.push(value)
    }
  }
  return [...byKey]
    .map(([key, values]): MetaChoice => {
      const choices = counted(values)
      const kind = kindOf(choices)
      return { key, kind, values: kind === 'values' ? choices : [] }
    })
    .toSorted((a, b) => a.key.localeCompare(b.key))
}

function kindOf(choices: readonly Choice<MetaValue>[]): MetaChoice['kind'] {
  if (choices.length <= FEW) return 'values'
  if (choices.every(({ value }) => typeof value === 'number')) return 'number'
  return choices.every(({ value }) => typeof value === 'string' && DATE.test(value)) ? 'date' : 'values'
}

function counted<Value extends MetaValue>(values: readonly Value[]): Choice<Value>[] {
  const counts = new Map<Value, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .map(([value, documents]) => ({ value, documents }))
    .toSorted((a, b) => b.documents - a.documents || String(a.value).localeCompare(String(b.value)))
    .slice(0, MOST_VALUES)
}

/** What is narrowed by now, in the order of the page, each with the filter that is left without it. */
export interface Narrowing {
  readonly key: string
  readonly words: string
  readonly without: FilterParams
}

const LISTS = { labels: 'label', collections: 'collection', languages: 'language', types: 'type' } as const

export function narrowings(filter: FilterParams): Narrowing[] {
  const lists = (Object.keys(LISTS) as (keyof typeof LISTS)[]).flatMap(list =>
    (filter[list] ?? []).map(value => ({
      key: `${list} ${value}`,
      words: `${LISTS[list]}: ${value}`,
      without: toggled(filter, list, value),
    })),
  )
  const meta = Object.entries(filter.meta ?? {}).map(([key, wanted]) => ({
    key: `meta ${key}`,
    words: `${key}: ${wantedWords(wanted)}`,
    without: withMeta(filter, key, undefined),
  }))
  return [...lists, ...meta]
}

/** With the value if it was not there, else without it. */
export function toggled(filter: FilterParams, list: keyof typeof LISTS, value: string): FilterParams {
  const values: readonly string[] = filter[list] ?? []
  const next = values.includes(value) ? values.filter(one => one !== value) : [...values, value]
  return next.length === 0 ? without(filter, list) : { ...filter, [list]: next }
}

export function withMeta(filter: FilterParams, key: string, wanted: MetaWanted | undefined): FilterParams {
  const others = Object.entries(filter.meta ?? {}).filter(([one]) => one !== key)
  const meta = Object.fromEntries(wanted === undefined ? others : [...others, [key, wanted]])
  return Object.keys(meta).length === 0 ? without(filter, 'meta') : { ...filter, meta }
}

function wantedWords(wanted: MetaWanted): string {
  if ('in' in wanted) return wanted.in.join(' or ')
  const { gte, lte } = wanted
  if (gte !== undefined && lte !== undefined) return `${gte} to ${lte}`
  return gte === undefined ? `up to ${lte ?? ''}` : `from ${gte}`
}
