// Empty lines in a row mean as much as one: what only fills the screen is dropped, and costs nobody the time to look
// for where a thousand of them end.

const MOST = 10

/** Text that may arrive in pieces, with so many line breaks in a row at most: the same however it is cut. */
export function fewEmptyLines(): (piece: string) => string {
  let inARow = 0
  return piece =>
    piece.replaceAll(/\n|[ \t]|[^ \t\n]+/g, found => {
      if (found === '\n') return ++inARow > MOST ? '' : found
      // What stood on lines that are gone would move the next one to the right.
      if (found === ' ' || found === '\t') return inARow >= MOST ? '' : found
      inARow = 0
      return found
    })
}
