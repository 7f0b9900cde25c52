// Which passage of a fused document is shown.
import type { BranchRow } from '../branches/branch-rows.ts'
import type { LexicalRow } from '../branches/lexical.ts'
import type { Fused } from './fuse.ts'

export type FusedRow = Fused<LexicalRow, BranchRow>

/** The branches may have found the document by different passages: the one that contributes more is shown. */
export function shownRow({ lexical, vector }: FusedRow): BranchRow {
  const isByWords =
    lexical !== undefined && (vector === undefined || lexical.contribution >= vector.contribution)
  const found = isByWords ? lexical : vector
  if (found === undefined) throw new Error('a fused document comes from a branch')
  return found.row
}
