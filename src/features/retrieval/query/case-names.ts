// Case names in a query: `Smith v. Jones`, `roe vs wade`, `R -v- Brown`. A year after it is no part of the name.
import { folded } from './folded.ts'
import { casePhrase, type Phrase } from './phrase-pattern.ts'

export interface Found {
  readonly start: number
  readonly end: number
  readonly phrase: Phrase
}

const VERSUS = /(?<![\p{L}\p{M}\p{N}])(?:-v-|v|vs|versus)(?![\p{L}\p{M}\p{N}])\.?/giu
/** Names stand directly beside it, three words either side. */
const NAME = "[\\p{L}\\p{M}][\\p{L}\\p{M}'’&.-]{0,40}"
const BEFORE = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?<words>(?:${NAME}\\s{1,3}){0,2}${NAME})\\s{1,3}$`, 'u')
const AFTER = new RegExp(`^\\s{0,3}(?<words>${NAME}(?:\\s{1,3}${NAME}){0,2})`, 'u')
const REACH = 130
/** No query names more cases, and each costs a look to either side. */
const MOST = 32

/**
 * The word beside `v.` is a name in every question about the case; of the words farther out none is sure to be one
 * ("Compare Smith v. Jones Damages"). So only words that begin a name of several draw the next one in.
 */
const OPENERS = new Set(
  'united new san los las saint st de del van von der la le el mc the north south east west costa'.split(' '),
)
const NO_NAMES = new Set(
  `a an and are as at be but by can could did do does for from had has have how i if in into is it its me my no not of
  on or our say says said should so such than that the their them then there these they this to was we were what when
  where which who why will with would you your about between case und der die das ein eine ist im von zu et les des
  une est dans que el los las y o en un`.split(/\s+/),
)

/** In the order they stand in; never two over the same words. */
export function caseNames(text: string): Found[] {
  const found: Found[] = []
  for (const { 0: versus, index } of [...text.matchAll(VERSUS)].slice(0, MOST)) {
    const after = index + versus.length
    const left = leftName(text.slice(Math.max(0, index - REACH), index))
    const right = rightName(text.slice(after, after + REACH))
    if (left === undefined || right === undefined) continue
    const start = index - left.reach
    const phrase = casePhrase(left.name, right.name)
    if (phrase === undefined || start < (found.at(-1)?.end ?? 0)) continue
    found.push({ start, end: after + right.reach, phrase })
  }
  return found
}

interface Name {
  readonly name: string
  /** Characters from `v.` to its far end. */
  readonly reach: number
}

/** The end of the words before that is the name. */
function leftName(before: string): Name | undefined {
  const words = BEFORE.exec(before)?.groups?.['words']
  const [nearest, ...farther] = (words?.split(/\s+/) ?? []).toReversed()
  if (words === undefined || nearest === undefined || !isName(nearest)) return undefined
  const beyond = farther.findIndex(word => !isOpener(word) || isPlain(word))
  const count = beyond === -1 ? farther.length : beyond
  const name = new RegExp(`(?:\\S+\\s+){${count}}\\S+$`).exec(words)?.[0] ?? nearest
  return { name, reach: before.length - before.lastIndexOf(name) }
}

/** The beginning of the words behind that is the name: all that open one, and the next. */
function rightName(behind: string): Name | undefined {
  const words = AFTER.exec(behind)?.groups?.['words']
  if (words === undefined) return undefined
  const parts = words.split(/\s+/)
  const last = Math.max(
    0,
    parts.findIndex((word, at) => at === parts.length - 1 || !isOpener(word)),
  )
  if (!isName(parts[last] ?? '')) return undefined
  const name = new RegExp(`^(?:\\S+\\s+){${last}}\\S+`).exec(words)?.[0] ?? words
  return { name: name.replace(/[^\p{L}\p{M}]+$/u, ''), reach: behind.indexOf(words) + name.length }
}

const isOpener = (word: string): boolean => OPENERS.has(folded(word))
/** "the", "der" and the like in small letters open no name: the query says them itself. */
const isPlain = (word: string): boolean => NO_NAMES.has(word)
/** A single capital is a name ("A v B"); small letters alone are a stop word or a unit. */
const isName = (word: string): boolean =>
  /^\p{Lu}\P{L}?$/u.test(word) || (!NO_NAMES.has(folded(word)) && folded(word).length > 1)
