// Which passage of a fused document is shown.
import type { Fused, Ranked, RankedByWords } from './fuse.ts'

/** The branches may have found the document by different passages: the one that contributes more is shown. */
export function shownRow<L extends RankedByWords, V extends Ranked>({ lexical, vector }: Fused<L, V>): L | V {
  const isByWords =
    lexical !== undefined && (vector === undefined || lexical.contribution >= vector.contribution)
  const found = isByWords ? lexical : vector
  if (found === undefined) throw new Error('a fused document comes from a branch')
  return found.row
}
