// Where the words of a quotation stand among the passages: together in one, in pieces, or nowhere.
import { endOf, folded, withoutEnds } from './folded.ts'

export interface Source {
  readonly n: number
  /** Folded. */
  readonly text: string
}

/** In one passage, one part behind the other; between two parts the quotation has an ellipsis. */
export function standsIn(quotation: string, { text }: Source): boolean {
  let at = 0
  for (const part of partsOf(quotation)) {
    at = endOf(part, text, at)
    if (at === -1) return false
  }
  return true
}

/** Nothing but words of the passages, which nowhere stand so: taken from several places, or with some left out. */
export function isStitched(quotation: string, sources: readonly Source[]): boolean {
  return partsOf(quotation).every(part => {
    let words = part.split(' ')
    for (let pieces = 0; words.length > 0; pieces++) {
      const taken = Math.max(0, ...sources.map(source => wordsTogether(words, source)))
      if (taken < Math.min(SHORTEST_PIECE, words.length) || pieces === MOST_PIECES) return false
      words = words.slice(taken)
    }
    return true
  })
}

/** Of words; fewer stand everywhere. */
const SHORTEST_PIECE = 2
const MOST_PIECES = 12

/** How many of the first words stand in the source as they follow each other. */
function wordsTogether(words: readonly string[], { text }: Source): number {
  let count = 0
  while (count < words.length && endOf(words.slice(0, count + 1).join(' '), text) !== -1) count++
  return count
}

/** Folded; signs at the end are whoever's sentence it is in. */
function partsOf(quotation: string): string[] {
  return quotation
    .replaceAll(/\\?\[\s*(?:…|\.{3})\s*\\?\]/g, '…')
    .split(/…|\.{3}|(?:\. ){2}\./)
    .map(part => withoutEnds(folded(part)))
    .filter(part => part !== '')
}
