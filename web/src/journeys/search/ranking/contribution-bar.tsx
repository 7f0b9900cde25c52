// What each branch adds to the score of a hit: two lengths beside each other, measured by the best hit, and the numbers.
import type { SearchHit } from '../hits/search-hit.ts'
import { digits } from './rank-words.ts'

export interface ContributionBarProps {
  readonly hit: Pick<SearchHit, 'score' | 'explanation'>
  /** The score that fills the bar. */
  readonly best: number
}

export function ContributionBar({ hit, best }: ContributionBarProps) {
  const { lexical, vector } = hit.explanation
  const width = (part = 0) => `${best > 0 ? Math.min(100, (part / best) * 100) : 0}%`
  const words = `Score ${digits(hit.score)}: ${digits(lexical?.contribution ?? 0)} by words and ${digits(vector?.contribution ?? 0)} by likeness`
  return (
    <div
      role="img"
      aria-label={words}
      title={words}
      className="flex h-2 w-full gap-px overflow-hidden rounded-full bg-line"
    >
      <div className="bg-words" style={{ width: width(lexical?.contribution) }} />
      <div className="bg-vectors" style={{ width: width(vector?.contribution) }} />
    </div>
  )
}
