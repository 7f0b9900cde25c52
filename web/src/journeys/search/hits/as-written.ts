// The words a hit was found by, as its passage writes them: the index knows but their stems ("notif", "requir").

const WORD = /[\p{L}\p{N}]+/gu

/**
 * For each stem the shortest marked word that begins like it, in small letters; the stem itself where none is marked,
 * as when the word stands in the title. `marked`: what is marked in the passage.
 */
export function asWritten(stems: readonly string[], marked: readonly string[]): string[] {
  const words = [...new Set(marked.flatMap(text => text.toLowerCase().match(WORD) ?? []))]
  const shortestFirst = words.toSorted((a, b) => a.length - b.length)
  const shown = stems.map(stem => shortestFirst.find(word => isOf(word, stem)) ?? stem)
  return [...new Set(shown)]
}

/** A stem may end in another letter than the word does ("polici"), so its last one need not be there. */
function isOf(word: string, stem: string): boolean {
  return word === stem || (stem.length > 3 && word.startsWith(stem.slice(0, -1)))
}
