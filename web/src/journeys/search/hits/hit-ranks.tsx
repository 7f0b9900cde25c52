// Where each branch has a hit, with what score, and what it adds.
import { ContributionBar } from '../ranking/contribution-bar.tsx'
import { digits, ordinal } from '../ranking/rank-words.ts'
import type { SearchHit } from './search-hit.ts'

type Branch = Pick<NonNullable<SearchHit['explanation']['vector']>, 'rank' | 'contribution'>

export interface HitRanksProps {
  readonly hit: SearchHit
  /** The score of the first hit. */
  readonly best: number
  /** The branch that took no part in the search. */
  readonly idle: 'words' | 'likeness' | undefined
}

export function HitRanks({ hit, best, idle }: HitRanksProps) {
  const { lexical, vector, no_vector } = hit.explanation
  return (
    <div className="space-y-1.5">
      <ContributionBar hit={hit} best={best} />
      <dl className="figures grid grid-cols-[auto_auto_1fr_auto] gap-x-3 gap-y-0.5 text-xs text-soft">
        <Part
          name="words"
          look="bg-words"
          branch={lexical}
          score={`BM25 ${hit.bm25_score.toFixed(2)}`}
          absent={idle === 'words' ? 'not asked' : 'not found by them'}
        />
        <Part
          name="likeness"
          look="bg-vectors"
          branch={vector}
          score={`cosine ${hit.vector_score.toFixed(3)}`}
          absent={
            idle === 'likeness'
              ? 'not asked'
              : no_vector === true
                ? 'no vector; words count in full'
                : 'not found by it'
          }
        />
        {lexical?.citation_score !== undefined && (
          <div className="contents">
            <dt>citation</dt>
            <dd className="col-span-3">to the letter, +{lexical.citation_score.toFixed(2)} BM25</dd>
          </div>
        )}
        <div className="contents font-medium text-ink">
          <dt>score</dt>
          <dd className="col-span-3 text-end">{digits(hit.score)}</dd>
        </div>
      </dl>
    </div>
  )
}

interface PartProps {
  readonly name: string
  readonly look: string
  readonly branch: Branch | undefined
  readonly score: string
  readonly absent: string
}

function Part({ name, look, branch, score, absent }: PartProps) {
  return (
    <div className="contents">
      <dt className="flex items-baseline gap-1.5">
        <span aria-hidden="true" className={`inline-block size-2 rounded-sm ${look}`} />
        {name}
      </dt>
      {branch === undefined ? (
        <dd className="col-span-3">{absent}</dd>
      ) : (
        <>
          <dd className="font-medium text-ink">{ordinal(branch.rank)}</dd>
          <dd>{score}</dd>
          <dd className="text-end">+{digits(branch.contribution)}</dd>
        </>
      )}
    </div>
  )
}
