// Nothing was found: what of the question kept everything out, and which wider question finds something.
import { useQueries } from '@tanstack/react-query'
import { operationQuery } from '../../../api/operation-query.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { questionOf } from '../asking/question.ts'
import type { SearchAnswer } from '../hits/search-hit.ts'
import type { SearchParams } from '../search-params.ts'
import { type Way, waysOut } from './loosen.ts'

/** Words that are named. */
const SHOWN = 20

export interface NoHitsProps {
  readonly answer: SearchAnswer
  readonly params: SearchParams
  readonly onParams: (params: SearchParams) => void
}

export function NoHits({ answer, params, onParams }: NoHitsProps) {
  const { terms } = answer.searched
  const ways = waysOut(answer.searched, params)
  const { open, isLoading } = useOpen(ways)
  return (
    <EmptyState
      title="No document is found"
      action={open.map(({ words, params: next }, at) => (
        <Button key={words} look={at === 0 ? 'strong' : 'plain'} onClick={() => onParams(next)}>
          {words}
        </Button>
      ))}
    >
      <p>{why(answer, params, ways)}</p>
      {terms.length > 0 && (
        <p className="wrap-anywhere">
          Words of it that occur, as the index knows them:{' '}
          <bdi className="text-ink">{terms.slice(0, SHOWN).join(', ')}</bdi>
        </p>
      )}
      {isLoading && <Waiting what="wider questions" lines={1} />}
      {!isLoading && open.length === 0 && <p>Try other words, or fewer of them.</p>}
    </EmptyState>
  )
}

/** The ways that find something: only they are offered. */
function useOpen(ways: readonly Way[]) {
  return useQueries({
    queries: ways.map(({ params }) => operationQuery('hybrid_search', { ...questionOf(params), limit: 1 })),
    combine: answers => ({
      open: ways.filter((_, at) => (answers[at]?.data?.hits.length ?? 0) > 0),
      isLoading: answers.some(answer => answer.isLoading),
    }),
  })
}

function why(
  { searched: { terms, phrases = [] } }: SearchAnswer,
  { words }: SearchParams,
  ways: readonly Way[],
): string {
  const byLikeness = words === 100 ? '' : ' or is near to them'
  if (terms.length === 0 && phrases.length === 0)
    return `No document that you may read holds one of these words${byLikeness}.`
  return ways.length === 0
    ? `No document that you may read holds these words${byLikeness}.`
    : 'No document meets everything that is asked for at once.'
}
