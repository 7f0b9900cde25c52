// A document as the fusion of both branches found it.
import type { BranchRow } from '../branches/branch-rows.ts'
import type { LexicalRow } from '../branches/lexical.ts'
import type { Fused } from './fuse.ts'

export type FusedRow = Fused<LexicalRow, BranchRow>
