// The language of a document, of those with a stemmer: by function words, which every text of some length is full of,
// and by letters that only one language has. No model, no download; the majority decides.
import { FOREIGN_LETTERS, NEIGHBOUR_WORDS, OWN_LETTERS, OWN_WORDS } from './language-words.ts'

export const LANGUAGES = ['english', 'german', 'french', 'spanish', 'simple'] as const
export type Language = (typeof LANGUAGES)[number]

/** UTF-16 units that are looked at. */
const SAMPLE = 20_000
/** Fewer words say nothing … */
const FEW_WORDS = 8
/** … and so many must say something, or the text is in none of the four languages (or in no language: code). */
const MANY_WORDS = 40
/** Prose has a third to a half of function words; of the wrong but nearest language under a tenth. */
const LEAST_SHARE = 0.15
/** What marks a word between spaces as an address, a path, code or markup. */
const NO_PROSE = /[/\\_@=<>{}#`$&|[\]]|\p{L}[.:(]\p{L}/u
/** Not one word over and over. */
const LEAST_WORDS = 3

const OWN = (['english', 'german', 'french', 'spanish'] as const).map(language => ({
  language,
  words: new Set<string>(OWN_WORDS[language].split(' ')),
  letters: new Set<string>(OWN_LETTERS[language]),
}))
const NEIGHBOURS = NEIGHBOUR_WORDS.map(words => ({
  language: 'simple' as const,
  words: new Set(words.split(' ')),
  letters: new Set(FOREIGN_LETTERS),
}))
/** Of equals the first wins. */
const CANDIDATES = [...OWN, ...NEIGHBOURS]

/**
 * The language of the first 20,000 characters. 'english' where a Latin text is too short to tell; 'simple' for a longer
 * one in none of the four languages, and for every text that is not mainly in Latin letters.
 */
export function languageOf(sample: string): Language {
  const text = sample.slice(0, SAMPLE).normalize('NFC').toLowerCase()
  if (text.trim() === '') return 'english'
  const letters = text.match(/\p{L}/gu) ?? []
  const latin = letters.filter(letter => /\p{sc=Latin}/u.test(letter)).length
  if (latin === 0 || latin < letters.length / 2) return 'simple'
  const everyWord = text.match(/\p{L}+/gu) ?? []
  if (everyWord.length < FEW_WORDS) return 'english'
  // Of those, what is in a language: a page full of links and code would else drown its prose.
  const prose = text.split(/\s+/).filter(word => !NO_PROSE.test(word))
  const words = prose.join(' ').match(/\p{L}+/gu) ?? []
  const best = CANDIDATES.map(candidate => ({ ...candidate, ...heard(words, candidate) })).reduce(
    (first, next) => (next.count > first.count ? next : first),
  )
  const certain = best.count >= words.length * LEAST_SHARE && best.different >= LEAST_WORDS
  if (certain) return best.language
  return everyWord.length < MANY_WORDS ? 'english' : 'simple'
}

/** How many words speak for a language, and how many different ones. */
function heard(words: readonly string[], of: { words: ReadonlySet<string>; letters: ReadonlySet<string> }) {
  const speaking = words.filter(
    word => of.words.has(word) || Array.from(word).some(letter => of.letters.has(letter)),
  )
  return { count: speaking.length, different: new Set(speaking).size }
}
