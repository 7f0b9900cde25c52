// Corrections of misspelled words: a word that none of the tenant's documents holds becomes the nearest one they hold.
// A word that is known, however rare, is never corrected. A statement and a choice; the pipeline runs them.
import { sqlFiles } from '../../../platform/db/statements.ts'
import { edits, isTransposed } from './edits.ts'
import { folded, wordsOf } from './folded.ts'
import type { Phrase } from './phrase-pattern.ts'

export interface NearWord {
  /** The unknown word, folded. */
  readonly word: string
  readonly correction: string
  /** As the index holds the correction. */
  readonly term: string
  /** Chunks of the tenant that hold it. */
  readonly df: number
  /** Whether it was seen as it is spelled; asked only where several spellings share a stem. */
  readonly seen: boolean
}

export interface Correction {
  readonly from: string
  readonly to: string
}

/** Of a query's words so many are looked up, and so many unknown ones corrected. */
const MOST_WORDS = 64
const MOST_UNKNOWN = 5
/** Shorter words have too many neighbours, longer ones too many edits. */
const SHORTEST = 4
const LONGEST = 32

/** Letters alone, and no part of a number, an address or an identifier. */
const CORRECTABLE =
  /(?<![\p{L}\p{M}\p{N}_]|[\p{L}\p{N}_][@./\\:])[\p{L}\p{M}]+(?![\p{L}\p{M}\p{N}_]|[@./\\:][\p{L}\p{N}_])/gu

type Candidates = { tenant_id: string; words: string[]; places: number[]; candidates: string[] }
const near = sqlFiles<Candidates, NearWord>(import.meta.url, './nearest-words.sql')

/** The words of the text that could be misspelled, folded, in its order; none that is quoted. */
export function correctableWords(text: string, quoted: readonly Phrase[] = []): string[] {
  const literal = new Set(quoted.flatMap(phrase => wordsOf(phrase.text)))
  const words = new Set((text.match(CORRECTABLE) ?? []).map(folded).filter(isCorrectable))
  return [...words.difference(literal)].slice(0, MOST_WORDS)
}

/**
 * Answers the words one edit away that the tenant's documents hold; of the first five unknown words. `asListed`: only
 * such as a document holds that the caller may read.
 */
export function nearestWords(tenantId: string, unknownOnes: readonly string[], asListed = false) {
  const words = unknownOnes.slice(0, MOST_UNKNOWN)
  const candidates = words.flatMap((word, at) => edits(word).map(candidate => ({ candidate, place: at + 1 })))
  const parameters = {
    tenant_id: tenantId,
    words,
    places: candidates.map(({ place }) => place),
    candidates: candidates.map(({ candidate }) => candidate),
  }
  return near(parameters, asListed ? ['listed'] : [])
}

export interface CorrectedText {
  readonly text: string
  readonly corrections: readonly Correction[]
  /** The corrections as the index holds them. */
  readonly terms: readonly string[]
}

/** The text with each unknown word replaced by the likeliest of the rows, wherever it stands. */
export function corrected(text: string, rows: readonly NearWord[]): CorrectedText {
  const best = new Map<string, NearWord>()
  for (const row of rows) {
    const other = best.get(row.word)
    if (isPlausible(row) && (other === undefined || likelier(row, other) < 0)) best.set(row.word, row)
  }
  const made = new Map<string, NearWord>()
  const changed = text.replace(CORRECTABLE, typed => {
    const to = best.get(folded(typed))
    if (to !== undefined) made.set(folded(typed), to)
    return to?.correction ?? typed
  })
  const corrections = [...made].map(([from, to]) => ({ from, to: to.correction }))
  return { text: changed, corrections, terms: [...made.values()].map(({ term }) => term) }
}

function isCorrectable(word: string): boolean {
  const { length } = Array.from(word)
  return length >= SHORTEST && length <= LONGEST
}

/** A word of four letters is near to many: another first letter makes another word of it ("java", "lava"). */
function isPlausible({ word, correction }: NearWord): boolean {
  return word.length > SHORTEST || word[0] === correction[0] || isTransposed(word, correction)
}

/**
 * Two letters in the wrong order are the commonest slip and fit one word at most by chance; the first letter is
 * seldom wrong; then the word that most passages hold (Norvig: the likeliest word is the most frequent). Of several
 * spellings of one stem the one that was seen; then the shortest and the alphabet, so that the choice is the same.
 */
function likelier(one: NearWord, other: NearWord): number {
  return (
    rankOf(one) - rankOf(other) ||
    other.df - one.df ||
    Number(other.seen) - Number(one.seen) ||
    one.correction.length - other.correction.length ||
    (one.correction < other.correction ? -1 : 1)
  )
}

function rankOf({ word, correction }: NearWord): number {
  if (isTransposed(word, correction)) return 0
  return word[0] === correction[0] ? 1 : 2
}
