// The comparison once both branches are known, and what is said until then.
import { Banner } from '../../../parts/shown/banner.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import type { Searching } from '../asking/use-search.ts'
import { Compare } from './compare.tsx'

export interface CompareResultsProps {
  readonly searching: Searching
  readonly words: number
  readonly rows: number
  readonly onWhy: (documentId: string) => void
}

export function CompareResults({ searching, ...rest }: CompareResultsProps) {
  const { branches, branchesProblem, hits, answer, retry } = searching
  if (branches !== undefined) return <Compare {...{ branches, hits }} {...rest} />
  if (branchesProblem !== undefined) return <ProblemNote problem={branchesProblem} onRetry={retry} />
  if (answer?.degraded !== undefined)
    return <Banner kind="info">There is nothing to compare: likeness took no part in this search.</Banner>
  return <Waiting what="both rankings" lines={8} />
}
