// The highlights of all hits of an answer: the words that matched, quoted phrases and citations.
import type { ReadCall } from '../../../gate/call.ts'
import type { ReadQuery } from '../query/read-query.ts'
import { highlight, phraseWords } from './highlight.ts'
import { candidateWords, type Range } from './matched-words.ts'
import { shownRow, type FusedRow } from './shown-row.ts'
import type { TermsOfWords } from './word-terms.ts'

export interface Highlighted {
  readonly query: Pick<ReadQuery, 'phrases' | 'citations'>
  readonly hits: readonly FusedRow[]
}

/** One list a hit. Asks the database once, for words that this process has not met in a hit of the tenant's. */
export async function highlightHits(
  call: Pick<ReadCall, 'principal' | 'readBatch'>,
  termsOfWords: TermsOfWords,
  { query, hits }: Highlighted,
): Promise<Range[][]> {
  const patterns = [...query.phrases, ...query.citations].map(({ text }) => phraseWords(text))
  const passages = hits.map(hit => ({
    content: shownRow(hit).content,
    terms: new Set(hit.lexical?.row.terms),
  }))
  const words = new Set(passages.flatMap(({ content, terms }) => candidateWords(content, terms)))
  const known = words.size === 0 ? new Map<string, string[]>() : await termsOfWords(call, [...words])
  const termsOf = (word: string): readonly string[] => known.get(word) ?? []
  return passages.map(({ content, terms }) => highlight(content, { terms, termsOf, patterns }))
}
