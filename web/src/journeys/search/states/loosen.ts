// A search without what narrows it.
import { filterOf, type SearchParams, withoutFilter } from '../search-params.ts'

export interface Way {
  readonly words: string
  readonly params: SearchParams
}

interface Searched {
  readonly phrases?: readonly string[]
  readonly excluded?: readonly string[]
}

/** The ways to ask more widely, each for itself, and where there are several, all at once. */
export function waysOut({ phrases = [], excluded = [] }: Searched, params: SearchParams): Way[] {
  const { q = '', words } = params
  const ways = [
    ...when(filterOf(params) !== undefined, 'Without the filter', withoutFilter(params)),
    ...when(phrases.length > 0, 'Without the quotes', { ...params, q: unquoted(q) }),
    ...when(excluded.length > 0, 'Without the exclusions', { ...params, q: unexcluded(q) }),
    ...when(words === 100, 'With the likeness, too', { ...params, words: 50 }),
  ]
  const all = { ...withoutFilter(params), q: unquoted(unexcluded(q)), ...(words === 100 && { words: 50 }) }
  return [...ways, ...when(ways.length > 1, 'Without any of these', all)].filter(way => way.params.q !== '')
}

function when(isSo: boolean, words: string, params: SearchParams): Way[] {
  return isSo ? [{ words, params }] : []
}

/** Without quotes: the words count, and need not stand together. */
export function unquoted(query: string): string {
  return tidy(query.replaceAll(/["“”„«»]/g, ' '))
}

/** Without the words that must not occur. */
export function unexcluded(query: string): string {
  return tidy(query.replaceAll(/(?<=^|\s)-(?:["“][^"”]*["”]?|\S+)/g, ' '))
}

function tidy(query: string): string {
  return query.replaceAll(/\s+/g, ' ').trim()
}
