// Which blocks are not worth parsing: next to nothing but marks, and so many of them that the parser, whose time grows
// with their square, would hold up everybody else.

const LONG = 1_500
/** Letters and digits among the characters; a table of short numbers has more. */
const LEAST_WORDS = 0.3

/** Once a text is, its beginning says so; what follows may make up for it. */
export function isCostly(text: string): boolean {
  if (text.length <= LONG) return false
  const words = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
  return words < LEAST_WORDS * text.length
}
