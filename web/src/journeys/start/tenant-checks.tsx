// Whether searching works, by searching: the tenant's own documents, through the same door as everybody.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { operationQuery } from '../../api/operation-query.ts'
import { may, sessionQuery, tenantOf } from '../../api/session.ts'
import { Card } from '../../parts/shown/card.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { type Check, Checks } from './checks.tsx'
import { SAMPLES } from './samples.ts'

export function TenantChecks() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  const here = tenantOf(session)
  const query = SAMPLES[here?.slug ?? '']?.searches[0] ?? 'what'
  const search = useQuery({
    ...operationQuery('hybrid_search', { query, limit: 5, explain: true }),
    enabled: may(session, 'documents:read'),
  })
  const hits = search.data?.hits
  const byWords = hits?.filter(({ explanation }) => explanation.lexical !== undefined).length ?? 0
  const byVectors = hits?.filter(({ explanation }) => explanation.vector !== undefined).length ?? 0
  const count = hits?.length ?? 0
  const isEmpty = count === 0
  const looked = (words: string, isGood: boolean): Pick<Check, 'isGood' | 'words'> =>
    search.isPending ? { isGood: undefined, words: 'looking…' } : { isGood, words }
  const checks: Check[] = [
    { what: 'Database', ...looked('answers', search.isSuccess) },
    {
      what: 'Search by words',
      ...looked(
        isEmpty ? 'works; there is nothing to find yet' : `found ${byWords} of the first ${count}`,
        isEmpty || byWords > 0,
      ),
    },
    {
      what: 'Search by vectors',
      ...looked(
        isEmpty
          ? 'works; there is nothing to find yet'
          : byVectors > 0
            ? `found ${byVectors} of the first ${count}`
            : 'found nothing: the embedding model may still be at work, or away',
        isEmpty || byVectors > 0,
      ),
    },
  ]
  if (!may(session, 'documents:read')) return null
  return (
    <Card title="Does it work?">
      {search.isError ? (
        <ProblemNote problem={search.error} onRetry={() => void search.refetch()} />
      ) : (
        <>
          <Checks checks={checks} />
          <p className="mt-3 text-xs text-soft">
            Searched {here?.name} for “{query}”.
          </p>
        </>
      )}
    </Card>
  )
}
