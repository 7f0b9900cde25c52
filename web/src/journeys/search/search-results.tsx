// What came of a search: its notes, its hits as a list or side by side, or why there is nothing.
import { tenantOf, type Session } from '../../api/session.ts'
import { Button } from '../../parts/actions/button.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'
import { DEFAULT_LIMIT } from './asking/question.ts'
import type { Searching } from './asking/use-search.ts'
import { CompareResults } from './compare/compare-results.tsx'
import { HitList } from './hits/hit-list.tsx'
import { QueryNotes } from './hits/query-notes.tsx'
import { counted } from './ranking/rank-words.ts'
import { LIMITS, type SearchParams } from './search-params.ts'
import { NoHits } from './states/no-hits.tsx'
import { SearchProblem } from './states/search-problem.tsx'
import { Start } from './states/start.tsx'

export interface SearchResultsProps {
  readonly params: SearchParams
  /** As the slider stands. */
  readonly words: number
  readonly searching: Searching
  readonly session: Session
  readonly onParams: (params: SearchParams) => void
}

export function SearchResults(props: SearchResultsProps) {
  const { params, searching } = props
  const { answer, hits, problem, retry, isOld } = searching
  if (params.q === undefined) {
    return (
      <div className="mt-4">
        <Start params={params} />
      </div>
    )
  }
  return (
    <div className="mt-3 space-y-3">
      {problem !== undefined && <SearchProblem problem={problem} onRetry={retry} />}
      {answer === undefined && problem === undefined && <Waiting what="the hits" lines={6} />}
      {answer !== undefined && (
        <div aria-busy={isOld || undefined} className="space-y-3">
          <QueryNotes answer={answer} />
          {hits.length === 0 && !isOld ? (
            <NoHits answer={answer} params={params} onParams={props.onParams} />
          ) : (
            <Found {...props} />
          )}
        </div>
      )}
    </div>
  )
}

function Found({ params, words, searching, session, onParams }: SearchResultsProps) {
  const { n = DEFAULT_LIMIT, view } = params
  const { answer, hits, isOld, problem } = searching
  const tenant = tenantOf(session)
  const more = hits.length < n ? undefined : LIMITS.find(limit => limit > n)
  const onWhy = (why: string) => onParams({ ...params, why })
  return (
    <>
      <p role="status" className="flex flex-wrap justify-between gap-x-4 text-xs text-soft">
        <span>
          {isOld ? OLD[problem === undefined ? 'busy' : 'failed'] : foundWords(hits.length, n, tenant?.name)}
        </span>
        <span aria-hidden="true" className="max-sm:hidden pointer-coarse:hidden">
          <Key>/</Key> search
          {view !== 'compare' && (
            <>
              {' '}
              <Key>j</Key> <Key>k</Key> next, previous <Key>Enter</Key> open
            </>
          )}
        </span>
      </p>
      {view === 'compare' ? (
        <CompareResults {...{ searching, words, onWhy }} rows={n} />
      ) : (
        <HitList
          hits={hits}
          idle={idleBranch(words, answer?.degraded !== undefined)}
          tenantNames={namesOf(session)}
          onWhy={onWhy}
        />
      )}
      <div className="flex flex-wrap items-center gap-2">
        {more !== undefined && (
          <Button onClick={() => onParams({ ...params, n: more })}>Show up to {more}</Button>
        )}
        <Button look="quiet" onClick={() => onWhy('')}>
          Is a document missing here?
        </Button>
      </div>
    </>
  )
}

const OLD = { busy: 'Searching …', failed: 'These are the hits of the question before.' } as const

function foundWords(hits: number, limit: number, tenant = 'this tenant'): string {
  return hits < limit
    ? `${counted(hits, 'document')} found in ${tenant}`
    : `The best ${hits} documents in ${tenant}`
}

/** A branch of no weight is not asked; likeness cannot be where the query has no vector. */
function idleBranch(words: number, isDegraded: boolean): 'words' | 'likeness' | undefined {
  if (isDegraded || words === 100) return 'likeness'
  return words === 0 ? 'words' : undefined
}

function namesOf({ tenants }: Session): ReadonlyMap<string, string> {
  return new Map(tenants.map(({ tenant_id, name }) => [tenant_id, name]))
}

function Key({ children }: { readonly children: string }) {
  return <kbd className="rounded-sm border border-line bg-sunken px-1 font-mono">{children}</kbd>
}
