// Which words of a query a passage does not hold, as a person typed them: the index knows stems.
import { pieces, wordAt } from '../ranking/matched-words.ts'

/** A word that was looked up, as the index knows it. */
export interface TermStanding {
  readonly term: string
  /** How often it stands in the document's best passage, and in how many of its passages. */
  readonly tf: number
  readonly passages: number
}

/** What the index has to be asked about: every word of the text, folded, whole and in parts. */
export function typedWords(text: string): string[] {
  return [
    ...new Set(
      pieces(text).flatMap(piece => [wordAt(text, piece), ...piece.runs.map(run => wordAt(text, run))]),
    ),
  ]
}

/**
 * The words none of whose terms stands in the passage, in the order of the text, each once. A word without a term (a stop
 * word) is not missed. `isCut`: not all words were looked up, and nothing is said of the others.
 */
export function missingWords(
  text: string,
  terms: readonly TermStanding[],
  { termsOf, isCut }: { readonly termsOf: (word: string) => readonly string[]; readonly isCut: boolean },
): string[] {
  const held = new Map(terms.map(({ term, tf }) => [term, tf > 0]))
  const isMissing = (word: string): boolean => {
    const own = termsOf(word)
    if (own.length === 0 || own.some(term => held.get(term) === true)) return false
    return !isCut || own.some(term => held.has(term))
  }
  const words = pieces(text).flatMap(piece => {
    const whole = wordAt(text, piece)
    const terms = new Set(termsOf(whole))
    const runs = piece.runs.map(run => wordAt(text, run))
    // data-driven has the terms of its parts, too; 4.2.1 has not.
    const areParts = runs.every(run => termsOf(run).every(term => terms.has(term)))
    return areParts ? runs : [whole]
  })
  return [...new Set(words)].filter(isMissing)
}
