// Cuts the text of one section after another into spans of about 256 tokens that overlap a little, keeping no more
// of the text than the next span needs.
import { readSeams, reachOf, type Seam } from './seams.ts'
import { countTokens, kindOf, SPACE } from './tokens.ts'

/** Tokens of a span. None but the last of a section is shorter than MIN, and where the end is in sight not even that. */
const TARGET = 256
const MAX = 384
const MIN = 100
/** Tokens that a span repeats of the one before. MIN is over twice the most, so a span is mostly new. */
const OVERLAP = { least: 16, about: 32, most: 48 }
/** Behind more white space than this (UTF-16 units) nothing is repeated: it would have to be kept while waiting. */
const WIDE_GAP = 1_000

export interface Span {
  /** UTF-16 offsets into the whole text. */
  readonly start: number
  readonly end: number
  readonly content: string
}

export interface SpanCutter {
  append(piece: string): void
  /**
   * The spans up to the offset `limit` of the whole text. `closed`: the section ends there; if not, what could still
   * turn out otherwise is kept for the next call, so the spans do not depend on how far each call reached.
   */
  cut(limit: number, closed: boolean): Span[]
}

export function spanCutter(): SpanCutter {
  /** The text from the offset `base` on; all other positions are relative to it. */
  let kept = ''
  let base = 0
  let from = 0
  let tail: Tail | undefined

  function next(limit: number, closed: boolean): Span | undefined {
    from = skipSpace(kept, from, limit)
    if (tail !== undefined && from - tail.end > WIDE_GAP) tail = undefined
    if (from >= limit) return undefined
    let start = tail?.start ?? from
    let cut = cutAfter(kept, start, { limit, closed })
    if (cut !== undefined && tail !== undefined && isMostlyOld(kept, tail, { start: from, end: cut.end })) {
      start = from
      cut = cutAfter(kept, start, { limit, closed })
    }
    if (cut === undefined) return undefined
    from = cut.next
    tail = cut.tail
    return { start: base + start, end: base + cut.end, content: kept.slice(start, cut.end) }
  }

  function forget() {
    const needless = Math.min(from, tail?.start ?? from)
    kept = kept.slice(needless)
    base += needless
    from -= needless
    if (tail !== undefined) tail = { start: tail.start - needless, end: tail.end - needless }
  }

  return {
    append(piece) {
      forget()
      kept += piece
    },
    cut(limit, closed) {
      const found: Span[] = []
      for (let span = next(limit - base, closed); span !== undefined; span = next(limit - base, closed)) {
        found.push(span)
      }
      // Nothing is repeated across a heading.
      if (closed) tail = undefined
      return found
    },
  }
}

/** The end of a span, which the next one repeats. */
interface Tail {
  readonly start: number
  readonly end: number
}

interface Cut {
  readonly end: number
  /** Where the new text of the next span begins. */
  readonly next: number
  readonly tail: Tail | undefined
}

interface Reach {
  readonly limit: number
  readonly closed: boolean
}

/**
 * Undefined: more of the text must come before it is certain. Looks ahead so far that no cut can leave a scrap
 * shorter than MIN unseen.
 */
function cutAfter(text: string, start: number, { limit, closed }: Reach): Cut | undefined {
  const { seams, tokens, end, complete } = readSeams(text, start, limit, MAX + MIN)
  if (complete && !closed) return undefined
  if (complete && tokens <= MAX) return { end, next: limit, tail: undefined }
  // Where the end of the section is in sight, what is left is halved rather than cut into a whole and a scrap.
  const aim = complete ? Math.round(tokens / 2) : TARGET
  const most = complete ? Math.min(MAX, tokens - MIN) : MAX
  const seam = bestSeam(seams, aim, ({ tokens: size }) => size >= MIN && size <= most)
  if (seam !== undefined) return { end: seam.end, next: seam.next, tail: tailOf(seams, seam) }
  const reached = reachOf(text, start, limit, aim)
  return { end: trimEnd(text, start, reached), next: reached, tail: undefined }
}

/** The seam nearest to `aim` tokens, of the best kind there is. */
function bestSeam(seams: readonly Seam[], aim: number, fits: (seam: Seam) => boolean): Seam | undefined {
  let best: Seam | undefined
  for (const seam of seams) {
    if (!fits(seam)) continue
    const nearer = best !== undefined && Math.abs(seam.tokens - aim) < Math.abs(best.tokens - aim)
    if (best === undefined || seam.kind < best.kind || (seam.kind === best.kind && nearer)) best = seam
  }
  return best
}

function tailOf(seams: readonly Seam[], cut: Seam): Tail | undefined {
  const seam = bestSeam(seams, cut.tokens - OVERLAP.about, ({ tokensAtNext }) => {
    const repeated = cut.tokens - tokensAtNext
    return repeated >= OVERLAP.least && repeated <= OVERLAP.most
  })
  return seam && { start: seam.next, end: cut.end }
}

function isMostlyOld(text: string, tail: Tail, fresh: Tail): boolean {
  return countTokens(text.slice(fresh.start, fresh.end)) < countTokens(text.slice(tail.start, tail.end))
}

function skipSpace(text: string, from: number, limit: number): number {
  let at = from
  while (at < limit && kindOf(text.charCodeAt(at)) === SPACE) at++
  return at
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start && kindOf(text.charCodeAt(at - 1)) === SPACE) at--
  return at
}
