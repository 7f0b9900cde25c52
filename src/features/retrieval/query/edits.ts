// All strings one edit away from a word: what a slip of the finger makes of it, and so what it may have been.

/** Letters of the languages that documents are stemmed in: English, German, French, Spanish. */
const ALPHABET = Array.from('abcdefghijklmnopqrstuvwxyzàâäæçèéêëîïñôöœùûüßáíóúÿ')

/** Deletions, transpositions, substitutions and insertions, each once; never the word itself. Some 100 a letter. */
export function edits(word: string): string[] {
  const letters = Array.from(word)
  const found = new Set<string>()
  for (let at = 0; at <= letters.length; at++) {
    const before = letters.slice(0, at).join('')
    const [letter, next] = [letters[at], letters[at + 1]]
    const behind = letters.slice(at + 1).join('')
    if (letter !== undefined) found.add(before + behind)
    if (letter !== undefined && next !== undefined)
      found.add(before + next + letter + letters.slice(at + 2).join(''))
    for (const other of ALPHABET) {
      if (letter !== undefined) found.add(before + other + behind)
      found.add(before + other + (letter ?? '') + behind)
    }
  }
  found.delete(word)
  found.delete('')
  return [...found]
}

/** Whether two neighbouring letters changed places. */
export function isTransposed(word: string, other: string): boolean {
  const [one, two] = [Array.from(word), Array.from(other)]
  const at = one.findIndex((letter, place) => letter !== two[place])
  return (
    one.length === two.length &&
    at >= 0 &&
    one[at] === two[at + 1] &&
    one[at + 1] === two[at] &&
    one.slice(at + 2).join('') === two.slice(at + 2).join('')
  )
}
