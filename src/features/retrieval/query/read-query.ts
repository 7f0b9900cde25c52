// Reads a query as it was typed: "quoted phrases" are required, -words and -"phrases" excluded, citations found as
// such, and all the rest are words. Whatever does not fit is plain text: no query is an error. Linear in its length.
import { citations } from './citations.ts'
import { phraseOf, type Phrase } from './phrase-pattern.ts'

export interface ReadQuery {
  /** What words are looked up in: everything that is not excluded, quotes removed. Empty when all is excluded. */
  readonly text: string
  /** Each must stand in the passage, its heading or its title. */
  readonly phrases: readonly Phrase[]
  /** Documents that hold one are left out. */
  readonly excluded: readonly Phrase[]
  /** Passages that hold one literally come first. */
  readonly citations: readonly Phrase[]
}

/** Of each kind; what is over is plain text. A search probes the index once for each. */
const MOST = 5

const QUOTE = /["“”„‟«»＂]/gu
/** A minus before a number is a sign; "-v-" and "-aside-" are dashes. */
const MINUS_WORD = /(?<!\S)-(?=\p{L})[^\s"“”„‟«»＂]{0,199}(?![^\s"“”„‟«»＂])/gu
/** Stands where a phrase was, so that no citation reaches across it. */
const BREAK = ' ; '

interface Span {
  readonly start: number
  readonly end: number
  readonly excluded: boolean
  readonly phrase: Phrase
}

/** Any text, up to thousands of words. */
export function readQuery(raw: string): ReadQuery {
  const quoted = [...quotedIn(raw)]
  const spans = kept([...quoted, ...minusWordsIn(raw, quoted)])
  let text = ''
  let plain = ''
  let from = 0
  for (const { start, end, excluded } of spans) {
    const before = raw.slice(from, start)
    text += `${before} ${excluded ? '' : raw.slice(start, end).replace(QUOTE, ' ')} `
    plain += before + BREAK
    from = end
  }
  return {
    text: (text + raw.slice(from)).replace(/\s+/gu, ' ').trim(),
    phrases: spans.filter(span => !span.excluded).map(({ phrase }) => phrase),
    excluded: spans.filter(span => span.excluded).map(({ phrase }) => phrase),
    citations: citations(plain + raw.slice(from)).slice(0, MOST),
  }
}

/** Quotes in pairs: the first must not close a word (5" is inches). One without a partner is a character. */
function* quotedIn(raw: string): Generator<Span> {
  const quotes = [...raw.matchAll(QUOTE)].map(match => match.index)
  let open: number | undefined
  for (const close of quotes) {
    if (open === undefined || close === open + 1) {
      open = opens(raw, close) ? close : undefined
      continue
    }
    const phrase = phraseOf(raw.slice(open + 1, close))
    const excluded = /(?:^|\s)-$/u.test(raw.slice(Math.max(0, open - 2), open))
    if (phrase !== undefined) yield { start: excluded ? open - 1 : open, end: close + 1, excluded, phrase }
    open = undefined
  }
}

function opens(raw: string, quote: number): boolean {
  return !/[\p{L}\p{M}\p{N}]$/u.test(raw.slice(Math.max(0, quote - 2), quote))
}

function minusWordsIn(raw: string, quoted: readonly Span[]): Span[] {
  const waiting = quoted.toReversed()
  return [...raw.matchAll(MINUS_WORD)].flatMap(({ 0: typed, index: start }) => {
    while ((waiting.at(-1)?.end ?? raw.length) <= start) waiting.pop()
    const isQuoted = (waiting.at(-1)?.start ?? raw.length) <= start
    const phrase = isQuoted || typed.endsWith('-') ? undefined : phraseOf(typed.slice(1))
    return phrase === undefined ? [] : [{ start, end: start + typed.length, excluded: true, phrase }]
  })
}

/** In the order of the query, at most so many of each kind. */
function kept(spans: readonly Span[]): Span[] {
  const left = { phrases: MOST, excluded: MOST }
  return spans
    .toSorted((a, b) => a.start - b.start)
    .filter(({ excluded }) => left[excluded ? 'excluded' : 'phrases']-- > 0)
}
