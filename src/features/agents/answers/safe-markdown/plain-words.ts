// Words that mean nothing in Markdown wherever a paragraph has them, so that they can be shown before it is complete.

/**
 * How far the block begins with plain words, each followed by space: of a paragraph, whatever comes behind them, its safe
 * form begins with just these characters.
 */
export function plainUntil(block: string, from = 0): number {
  let at = from
  for (;;) {
    GAP.lastIndex = at
    const gap = at === 0 ? '' : GAP.exec(block)?.[0]
    if (gap === undefined) return at
    const word = wordAt(block, at + gap.length, at === 0 || gap.includes('\n'))
    if (word === undefined) return at
    at += gap.length + word.length
  }
}

/** Whether a line that begins so is a paragraph's, whatever comes behind it. */
export function beginsParagraph(line: string): boolean {
  return START.test(line)
}

/**
 * What may point elsewhere by itself: an address without any marks. Readers differ: some make a link of whatever ends
 * like a domain of a country or one of the old ones, and of two slashes.
 */
export const ADDRESS =
  /\/\/|www\.|@|mailto:|xmpp:|[\p{L}\p{N}]\.(?:[a-z]{2}|aero|asia|biz|com|coop|edu|gov|info|museum|name|net|org|pro|shop|web|xn--[a-z\d-]+|xxx|рф)(?![\p{L}\p{N}])/iu

/** A number in square brackets, which is no link: `[2]`, `[1, 3]`. */
export const CITATION = /\[\d{1,3}(?:, ?\d{1,3})*\](?![(:])/y

const START = /^[\p{L}“‘(]/u
/** At most one end of a line: an empty line is the end of the block. */
const GAP = /[ \t]+(?:\n {0,3})?|\n {0,3}/y
const WORD = /(?:[\p{L}\p{M}\p{N}.,;:?!'"“”‘’()%/–—…§€£-]|\[\d{1,3}(?:, ?\d{1,3})*\](?![(:]))+/uy

function wordAt(block: string, at: number, isFirst: boolean): string | undefined {
  WORD.lastIndex = at
  const word = WORD.exec(block)?.[0]
  if (word === undefined || ADDRESS.test(word)) return undefined
  // What the word ends with is known when space stands behind it.
  if (!/[ \t\n]/.test(block.charAt(at + word.length))) return undefined
  return isFirst && !beginsParagraph(word) ? undefined : word
}
