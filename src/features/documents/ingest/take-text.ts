// Takes the text of a parsed file in: cleans it, hashes it, notes where pages start, and stores it piece by piece. The
// last piece (of most files the only one) is left to the caller, who has more to write in the same transaction.
import { createHash } from 'node:crypto'
import { fault } from '../../../platform/faults.ts'
import type { TextPiece } from '../parse/parsing.ts'
import { textCleaner, warningsOf } from '../text/clean-text.ts'

export interface TakenText {
  readonly characters: number
  /** SHA-256 of the text, hex. */
  readonly contentHash: string
  /** Where page 1, 2, … start. Pages without text start where the next one does. */
  readonly pageStarts: readonly number[]
  readonly warnings: readonly string[]
  /** The beginning, for telling the language. */
  readonly sample: string
  /** What is not stored yet; may be empty. */
  readonly rest: { readonly startAt: number; readonly text: string }
}

export interface TextTaker {
  take(piece: TextPiece): Promise<void>
  end(): TakenText
}

/** UTF-16 code units that are stored at once. */
const FLUSH = 262_144
const SAMPLE = 20_000
/** What a parser would refuse by itself: held here too, since a hostile file may have taken the parser over. */
const MOST_PAGES = 10_000
const MOST_CHARACTERS = 500_000_000

/** `store` gets the text in order: where it starts, and some 256K code units of it. */
export function textTaker(store: (startAt: number, text: string) => Promise<void>): TextTaker {
  const cleaner = textCleaner()
  const hash = createHash('sha256')
  const pageStarts: number[] = []
  let waiting = ''
  let stored = 0
  let sample = ''
  const passOn = (): TakenText['rest'] => {
    const rest = { startAt: stored, text: waiting }
    hash.update(waiting)
    stored += waiting.length
    waiting = ''
    return rest
  }
  const keep = (text: string): void => {
    if (sample.length < SAMPLE) sample += text.slice(0, SAMPLE - sample.length)
    waiting += text
  }
  return {
    async take({ text, page }) {
      if (page !== null && page > MOST_PAGES) throw beyond('pages')
      if (stored + waiting.length > MOST_CHARACTERS) throw beyond('text')
      if (page !== null) while (pageStarts.length < page) pageStarts.push(stored + waiting.length)
      keep(cleaner.push(text))
      if (waiting.length < FLUSH) return
      const { startAt, text: full } = passOn()
      await store(startAt, full)
    },
    end() {
      keep(cleaner.end())
      const rest = passOn()
      return {
        rest,
        characters: stored,
        contentHash: hash.digest('hex'),
        pageStarts,
        warnings: warningsOf(cleaner.removed),
        sample,
      }
    },
  }
}

function beyond(what: string) {
  return fault('invalid_input', { reason: 'damaged', say: `The file gave more ${what} than any file may.` })
}
