// Slips of the finger: one letter left out, added, exchanged or swapped with its neighbour, in each of two words. The
// same seed makes the same slips.

const WORD = /(?<![\p{L}\p{N}])[a-z]{5,}(?![\p{L}\p{N}])/giu
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/** Whether the text has two words of five letters and more. */
export const canBeMistyped = (text: string): boolean => (text.match(WORD)?.length ?? 0) >= 2

export function mistyped(text: string, seed: number): string {
  const below = dice(seed)
  const count = text.match(WORD)?.length ?? 0
  const first = below(count)
  const slips = new Set([first, (first + 1 + below(count - 1)) % count])
  let at = -1
  return text.replace(WORD, word => {
    at += 1
    return slips.has(at) ? slipped(word, below) : word
  })
}

/** Never the word itself. */
function slipped(word: string, below: (bound: number) => number): string {
  for (;;) {
    const at = below(word.length)
    const letter = LETTERS.charAt(below(LETTERS.length))
    const [before, behind] = [word.slice(0, at), word.slice(at + 1)]
    const other = [
      before + behind,
      before + letter + word.slice(at),
      before + letter + behind,
      before + behind.slice(0, 1) + word.charAt(at) + behind.slice(1),
    ][below(4)]
    if (other !== undefined && other.toLowerCase() !== word.toLowerCase()) return other
  }
}

/** Whole numbers below a bound: mulberry32. */
function dice(seed: number): (bound: number) => number {
  let state = seed
  return bound => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
}
