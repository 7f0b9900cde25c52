// Text as the index folds it (app.words: NFKC, then lower case by pg_c_utf8), and what counts as a word in it.

/** A run of letters, marks and digits; `+` and `#` after it belong to it, so that C++ and C# are not C. */
export const WORD = /[\p{L}\p{M}\p{N}]+(?:[+#]{1,3}(?![\p{L}\p{M}\p{N}]))?/gu

/** Letter by letter, as pg_c_utf8 does: JavaScript would take context into account (final sigma) and lengthen İ. */
export function folded(text: string): string {
  let lower = ''
  for (const letter of text.normalize('NFKC')) lower += letter === 'İ' ? 'i' : letter.toLowerCase()
  return lower
}

/** The words of a text, folded. */
export function wordsOf(text: string): string[] {
  return folded(text).match(WORD) ?? []
}
