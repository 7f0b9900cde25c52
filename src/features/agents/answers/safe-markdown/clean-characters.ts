// Characters that no answer needs and that hide something from who reads it: controls, marks that turn the direction of
// text, tags (U+E0000 …) and other characters without a shape.

/** Two joiners (U+200C, U+200D) stay: words of some scripts are not the same without them. */
const HIDDEN =
  /(?![\t\n\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\u115F\u1160\u2028\u2029\u3164\uFFA0\u{E0000}-\u{E0FFF}]/gu
const HALF_A_PAIR = /[\uD800-\uDBFF]$/

/** Text that may arrive in pieces, without hidden characters: the same however it is cut. */
export function characterCleaner(): (piece: string) => string {
  let half = ''
  return piece => {
    const text = half + piece
    half = HALF_A_PAIR.exec(text)?.[0] ?? ''
    return withoutHidden(text.slice(0, text.length - half.length))
  }
}

/** The same of a whole text. */
export function withoutHidden(text: string): string {
  return text.replaceAll(HIDDEN, '')
}
