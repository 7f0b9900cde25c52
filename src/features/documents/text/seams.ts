// The seams of a text: where it may be cut. Read run by run within a budget of tokens, so that a text without any
// seam (one word of 50 MB) costs no more to look at than prose.
import { kindOf, runEnd, SINGLE, SPACE, tokensOfRun, UNITS_PER_TOKEN } from './tokens.ts'

/** Kinds of seams: the lower the better a place to cut. */
const PARAGRAPH = 0
const SENTENCE = 1
const LINE = 2
const WORD = 3

export interface Seam {
  /** Of two kinds, the lower is the better place. */
  readonly kind: number
  /** The text before the seam ends here … */
  readonly end: number
  /** … and goes on here, behind the white space. */
  readonly next: number
  /** Tokens from the begin of the reading to `end`, and to `next`. */
  readonly tokens: number
  readonly tokensAtNext: number
}

export interface Reading {
  readonly seams: readonly Seam[]
  /** Tokens up to `end`, where the last character other than white space ends. */
  readonly tokens: number
  readonly end: number
  /** True where the budget lasted to the limit; if not, nothing behind the end of the budget has had a say. */
  readonly complete: boolean
}

/** What stands before a seam: nothing of note, or the end of a sentence or clause (wide ones need no space after). */
const NOTHING = 0
const STOP = 1
const WIDE_STOP = 2
const WIDE_COMMA = 3
const MARKS: ReadonlyMap<number, number> = new Map([
  ...unitsOf('.!?…', STOP),
  ...unitsOf('。！？｡', WIDE_STOP),
  ...unitsOf('、，；：､', WIDE_COMMA),
])
const CLOSERS: ReadonlySet<number> = new Set(unitsOf(`"'”’»)]*_」』）】》〉`, 0).map(([unit]) => unit))

/** Reads from `from` (no white space) up to `limit` or until more than `budget` tokens are read. */
export function readSeams(text: string, from: number, limit: number, budget: number): Reading {
  const seams: Seam[] = []
  let [tokens, filled, end, mark] = [0, 0, from, NOTHING]
  let at = from
  while (at < limit && tokens <= budget) {
    const unit = text.charCodeAt(at)
    const kind = kindOf(unit)
    const next = runEnd(text, at, Math.min(limit, at + affordable(kind, budget - tokens)))
    const tokensAtNext = tokens + tokensOfRun(kind, next - at)
    if (kind === SPACE) {
      seams.push({ kind: kindOfGap(text, at, next, mark), end: at, next, tokens, tokensAtNext })
      mark = NOTHING
    } else {
      const goesOn = mark !== NOTHING && kind === SINGLE && (CLOSERS.has(unit) || MARKS.has(unit))
      if (!goesOn && mark >= WIDE_STOP) {
        seams.push({
          kind: mark === WIDE_STOP ? SENTENCE : WORD,
          end: at,
          next: at,
          tokens,
          tokensAtNext: tokens,
        })
      }
      mark = MARKS.get(unit) ?? (goesOn ? mark : NOTHING)
      end = next
      filled = tokensAtNext
    }
    tokens = tokensAtNext
    at = next
  }
  return { seams, tokens: filled, end, complete: tokens <= budget }
}

/** The last place, between characters, to which at most `budget` tokens reach: for a text without seams. */
export function reachOf(text: string, from: number, limit: number, budget: number): number {
  let tokens = 0
  let at = from
  while (at < limit && tokens < budget) {
    const kind = kindOf(text.charCodeAt(at))
    const next = runEnd(text, at, Math.min(limit, at + affordable(kind, budget - tokens - 1)))
    tokens += tokensOfRun(kind, next - at)
    at = next
  }
  return at
}

/**
 * Units of a run after which it costs one token more than `budget`. A run is read exactly that far and no
 * farther, so a reading that ran out of budget is the same however much of the text had come.
 */
function affordable(kind: number, budget: number): number {
  return kind === SINGLE ? 2 : (budget + 1) * (UNITS_PER_TOKEN[kind] ?? 1)
}

function kindOfGap(text: string, from: number, to: number, mark: number): number {
  let newlines = 0
  for (let at = from; at < to && newlines < 2; at++) if (text.charCodeAt(at) === 0x0a) newlines++
  if (newlines === 2) return PARAGRAPH
  if (mark === STOP || mark === WIDE_STOP) return SENTENCE
  return newlines === 1 ? LINE : WORD
}

function unitsOf(characters: string, value: number): [number, number][] {
  return Array.from(characters, character => [character.charCodeAt(0), value])
}
