// The highlights of all hits of an answer: the words that matched, quoted phrases and citations.
import type { ReadCall } from '../../../gate/call.ts'
import type { ReadQuery } from '../query/read-query.ts'
import { highlight, phraseWords } from './highlight.ts'
import { candidateWords, pieces, type Range } from './matched-words.ts'
import type { FusedRow } from './fused-row.ts'
import { shownRow } from './shown-row.ts'
import type { TermsOfWords } from './word-terms.ts'

export interface Highlighted {
  readonly query: Pick<ReadQuery, 'phrases' | 'citations'>
  readonly hits: readonly FusedRow[]
}

/** One list a hit. Asks the database only for words that this process has not met in a hit of the tenant's lately. */
export async function highlightHits(
  call: Pick<ReadCall, 'principal' | 'readBatch'>,
  termsOfWords: TermsOfWords,
  { query, hits }: Highlighted,
): Promise<Range[][]> {
  const patterns = [...query.phrases, ...query.citations].map(({ text }) => phraseWords(text))
  const passages = hits.map(hit => {
    const { content, language } = shownRow(hit)
    const terms = new Set(hit.lexical?.row.terms)
    const read = terms.size === 0 ? [] : pieces(content)
    return { content, language, terms, read, words: candidateWords(content, terms, read) }
  })
  const known = new Map<string, Map<string, readonly string[]>>()
  // Nearly always one: a word is read in the language of its document.
  for (const [language, those] of Map.groupBy(passages, passage => passage.language)) {
    const words = new Set(those.flatMap(passage => passage.words))
    if (words.size > 0) known.set(language, await termsOfWords(call, [...words], language))
  }
  return passages.map(({ content, language, terms, read }) =>
    highlight(content, { terms, termsOf: word => known.get(language)?.get(word) ?? [], patterns, read }),
  )
}
