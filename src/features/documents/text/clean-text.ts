// Text as Postgres can store it and a person can trust it: well-formed, without control characters and without
// characters that hide text or turn its direction. What was removed is counted, so that it can be reported.

export interface Removed {
  /** C0 and C1 controls, NUL among them, but for tab, newline and carriage return. */
  readonly controls: number
  /** Halves of surrogate pairs; each became U+FFFD. */
  readonly surrogates: number
  /** Characters that turn the direction of text: it would read otherwise than it is stored. */
  readonly bidi: number
  /** Characters nobody sees, which can carry text to a model: zero-width, soft hyphens, tags, variation selectors. */
  readonly hidden: number
}

export interface TextCleaner {
  /** The clean text of this piece; half a surrogate pair at its end waits for the next. */
  push(text: string): string
  end(): string
  /** So far. */
  readonly removed: Removed
}

/** Blocks without a bad character, nearly all, pass as they are; a huge piece is never rewritten as a whole. */
const BLOCK = 65_536

// Kept although invisible: U+200C and U+200D, which Persian, Indic scripts and joined emoji need, and U+FE0E and
// U+FE0F, which choose between text and emoji. Removed with the tags (U+E0000–E007F): the flags made of them.
const CONTROLS = '\\0-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f'
const BIDI = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069'
const HIDDEN = '\\u00ad\\u200b\\u2060-\\u2065\\u206a-\\u206f\\ufe00-\\ufe0d\\ufeff\\ufff9-\\ufffb'
/** Tags and the supplement of variation selectors (U+E0100–E01EF), by their surrogates: without `u` twice as fast. */
const HIDDEN_PAIR = '\\udb40[\\udc00-\\udc7f\\udd00-\\uddef]'
/** Vertical tab, form feed and NEL end a line or page: they become a newline, so that words stay apart. */
const BREAKS = '\\x0b\\x0c\\x85'

const SUSPECT = new RegExp(`[${CONTROLS}${BREAKS}${BIDI}${HIDDEN}\\udb40]`)
const REMOVED = new RegExp(`([${CONTROLS}]+)|([${BIDI}]+)|[${HIDDEN}]+|${HIDDEN_PAIR}`, 'g')
const BREAK = new RegExp(`[${BREAKS}]`, 'g')

/** Cleans a text that comes in pieces, split anywhere. */
export function textCleaner(): TextCleaner {
  const removed = { controls: 0, surrogates: 0, bidi: 0, hidden: 0 }
  let half = ''

  function cleanBlock(block: string): string {
    if (block.isWellFormed() && !SUSPECT.test(block)) return block
    // First of all: what stood around a removed character must not join to a pair.
    const wellFormed = block.toWellFormed()
    if (wellFormed !== block) removed.surrogates += block.match(/\p{Cs}/gu)?.length ?? 0
    return wellFormed
      .replace(BREAK, '\n')
      .replace(REMOVED, (found: string, controls?: string, bidi?: string) => {
        if (controls !== undefined) removed.controls += found.length
        else if (bidi !== undefined) removed.bidi += found.length
        else removed.hidden += found.startsWith('\udb40') ? 1 : found.length
        return ''
      })
  }

  return {
    push(text) {
      const whole = half + text
      const clean: string[] = []
      let at = 0
      while (at < whole.length) {
        let end = Math.min(at + BLOCK, whole.length)
        if (isHighSurrogate(whole.charCodeAt(end - 1))) end--
        if (end === at) break
        clean.push(cleanBlock(whole.slice(at, end)))
        at = end
      }
      half = whole.slice(at)
      return clean.join('')
    },
    end() {
      const clean = cleanBlock(half)
      half = ''
      return clean
    },
    get removed() {
      return { ...removed }
    },
  }
}

/** Cleans a whole text. */
export function cleanText(text: string): { readonly text: string; readonly removed: Removed } {
  const cleaner = textCleaner()
  const clean = cleaner.push(text) + cleaner.end()
  return { text: clean, removed: cleaner.removed }
}

const WARNINGS: Readonly<Record<keyof Removed, readonly [one: string, many: string]>> = {
  controls: ['control character was removed', 'control characters were removed'],
  surrogates: ['half of a character was replaced by U+FFFD', 'halves of characters were replaced by U+FFFD'],
  bidi: ['bidirectional control character was removed', 'bidirectional control characters were removed'],
  hidden: ['hidden character was removed', 'hidden characters were removed'],
}

/** One sentence for each kind that was there: '3 bidirectional control characters were removed'. */
export function warningsOf(removed: Removed): string[] {
  return (['controls', 'surrogates', 'bidi', 'hidden'] as const)
    .filter(kind => removed[kind] > 0)
    .map(kind => `${removed[kind]} ${WARNINGS[kind][removed[kind] === 1 ? 0 : 1]}`)
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
