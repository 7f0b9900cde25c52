// Makes of a phrase the PostgreSQL regular expression that finds it literally in folded text.
import { folded, WORD } from './folded.ts'

export interface Phrase {
  /** As typed; what lies beyond the longest pattern is cut off. Of a case name: with `v.` between the names. */
  readonly text: string
  /** For text that is folded as the index folds it, under the collation pg_c_utf8. */
  readonly pattern: string
}

/**
 * A pattern compiles to a state machine whose size Postgres limits. This many words compile in about a millisecond;
 * a longer quotation is looked for by its beginning.
 */
const MOST_WORDS = 24
const MOST_CHARACTERS = 400

// Only letters and digits bound a word: `\m` and `\M` would take the underscore for a letter.
const START = '(?<![[:alnum:]])'
const END = '(?![[:alnum:]])'
/** Words that were typed in one piece (10b-5) stay close together, others may stand on two lines. */
const WITHIN = '[^[:alnum:]]{1,3}'
const BETWEEN = '[^[:alnum:]]{1,12}'

/** The phrase, or undefined when the text has no word, or begins with one that is too long for a pattern. */
export function phraseOf(text: string): Phrase | undefined {
  const typed = shortened(text.trim())
  const found = [...folded(typed).matchAll(WORD)]
  const [first] = found
  if (first === undefined) return undefined
  let pattern = /§\P{L}*$/u.test(folded(typed).slice(0, first.index)) ? '§[^[:alnum:]]{0,8}' : START
  let end = first.index
  for (const { 0: word, index } of found) {
    if (index > first.index) pattern += /\s/.test(folded(typed).slice(end, index)) ? BETWEEN : WITHIN
    pattern += literal(word)
    end = index + word.length
  }
  return { text: typed, pattern: pattern + END }
}

/** `Smith v. Jones`, however the two are set against each other in the text. */
export function casePhrase(left: string, right: string): Phrase | undefined {
  const [one, other] = [phraseOf(left), phraseOf(right)]
  if (one === undefined || other === undefined) return undefined
  const names = [one, other].map(({ pattern }) => pattern.slice(START.length, -END.length))
  const pattern = `${START}${names.join(`${BETWEEN}(?:v|vs|versus)${BETWEEN}`)}${END}`
  return { text: `${one.text} v. ${other.text}`, pattern }
}

/** A word holds nothing else that a regular expression gives a meaning to. */
function literal(word: string): string {
  return word.replace(/[+#]/g, '[$&]')
}

function shortened(text: string): string {
  let end = 0
  let words = 0
  for (const { 0: word, index } of text.slice(0, MOST_CHARACTERS + 1).matchAll(WORD)) {
    if (words === MOST_WORDS || index + word.length > MOST_CHARACTERS) return text.slice(0, end)
    end = index + word.length
    words += 1
  }
  return text.length > MOST_CHARACTERS ? text.slice(0, end) : text
}
