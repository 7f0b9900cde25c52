// Which words of a passage may be made of a query's terms. Only the database knows the terms of a word (app.words); here
// the text is taken apart, and what cannot have one of the terms is told cheaply, so that few words are asked for.
import { folded } from '../query/folded.ts'

/** UTF-16 code units of the passage. */
export interface Range {
  readonly start: number
  readonly end: number
}

/**
 * What the index's parser reads for itself: `example.com` and `4.2.1` are one word to it, `data-driven` is three, and in
 * `5+6` there is no 6. So a run of letters and digits counts only if the whole piece has its term, too.
 */
export interface Piece extends Range {
  /** Runs of letters and digits, at least one. */
  readonly runs: readonly Range[]
}

/** With the symbols that NFKC makes letters of (™, ㎏): the parser takes Gatehouse™ for one word. */
const RUN = /[\p{L}\p{M}\p{N}\u2100-\u214f\u249c-\u24e9\u3200-\u33ff]+/gu
const BEYOND_ASCII = /[^\0-\x7f]/
/** The index takes slashes and underscores for spaces. */
const BREAK = /[\s/_／＿]/u
/** What is longer is looked up run by run, and a run that is longer never matches. */
const LONGEST = 256

/** In the order of the text. Linear in its length. */
export function pieces(content: string): Piece[] {
  const found: Piece[] = []
  let runs: Range[] = []
  const close = (): void => {
    const [first, last] = [runs[0], runs.at(-1)]
    if (first === undefined || last === undefined) return
    const start = first.start - Number(hasSign(content, first.start))
    if (last.end - start <= LONGEST) found.push({ start, end: last.end, runs })
    else for (const run of runs) if (run.end - run.start <= LONGEST) found.push({ ...run, runs: [run] })
    runs = []
  }
  for (const { 0: run, index: start } of content.matchAll(RUN)) {
    const before = runs.at(-1)
    if (before !== undefined && isBreak(content, before.end, start)) close()
    runs.push({ start, end: start + run.length })
  }
  close()
  return found
}

/** To the parser a plus before a digit is part of the number, and a tilde after a space begins the name of a file. */
function hasSign(content: string, start: number): boolean {
  const sign = content[start - 1]
  if (sign === '~') return start === 1 || BREAK.test(content.charAt(start - 2))
  return sign === '+' && /\p{N}/u.test(content.charAt(start))
}

function isBreak(content: string, start: number, end: number): boolean {
  // Nearly always, and told without a copy.
  if (end - start === 1 && content.charCodeAt(start) === 32) return true
  return BREAK.test(content.slice(start, end))
}

/** As the index folds it, without its place in the text. */
export function wordAt(content: string, { start, end }: Range): string {
  const word = content.slice(start, end)
  return BEYOND_ASCII.test(word) ? folded(word) : word.toLowerCase()
}

/**
 * The distinct folded words of the content whose terms may be among `terms`: a few in a hundred. All whose terms `highlight`
 * needs are here. 0.1 ms for 2,000 characters and six terms.
 */
export function candidateWords(
  content: string,
  terms: Iterable<string>,
  read: readonly Piece[] = pieces(content),
): string[] {
  const mayHave = beginningLike(terms)
  const words = new Set<string>()
  for (const piece of read) {
    const whole = wordAt(content, piece)
    const runs = piece.runs.map(run => wordAt(content, run))
    const found = runs.filter(mayHave)
    if (found.length > 0 || mayHave(whole) || (runs[0] !== whole && runs.some(run => mayHave(unitOf(run))))) {
      words.add(whole)
      for (const run of found) words.add(run)
    }
  }
  return [...words]
}

/** 1.5mg is 1.5 and mg to the parser. */
function unitOf(run: string): string {
  return run.replace(/^\p{N}+/u, '')
}

/** Whether a word begins as one of the terms does, or the other way round. */
function beginningLike(terms: Iterable<string>): (word: string) => boolean {
  const whole = new Set<string>()
  const begun = new Set<string>()
  for (const term of terms) {
    const start = beginning(term)
    whole.add(start)
    for (let length = 0; length <= start.length; length++) begun.add(start.slice(0, length))
  }
  return word => {
    // What stems write in another way is never the first letter of ASCII but for y; this spares most words the rest.
    const first = word.startsWith('y') ? 'i' : word.charAt(0)
    if (/^[a-z0-9]?$/.test(first) && (first === '' || !begun.has(first))) return false
    const start = beginning(word)
    return begun.has(start) || whole.has(start.slice(0, 1)) || whole.has(start.slice(0, 2))
  }
}

/**
 * Letters that a word and its stem share: three, or two before a vowel (using, use; dying, die), without what stemmers
 * write in another way there: accents, ß and ss, ä and ae, try and tri.
 */
function beginning(word: string): string {
  const head = word.slice(0, 8)
  const plain = BEYOND_ASCII.test(head) ? head.normalize('NFD').replaceAll(/\p{M}+/gu, '') : head
  const even = plain
    // Signs may stand within a piece: 5+6 has the term +6.
    .replace(/[+~]/, '')
    .replaceAll('ß', 'ss')
    .replaceAll('y', 'i')
    .replaceAll(/([aou])e+/g, '$1')
  return /^..[aeiouœæ]/.test(even) ? even.slice(0, 2) : even.slice(0, 3)
}
