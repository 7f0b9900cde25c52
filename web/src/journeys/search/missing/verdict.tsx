// Where a document stands in a search and why, in sentences first and in numbers below.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Input, Output } from '../../../api/call.ts'
import { operationQuery } from '../../../api/operation-query.ts'
import { Badge } from '../../../parts/shown/badge.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { ordinal } from '../ranking/rank-words.ts'
import { VerdictNumbers } from './verdict-numbers.tsx'

type Explanation = Output<'explain_search'>

export function Verdict({ asked }: { readonly asked: Input<'explain_search'> }) {
  const { data, error, refetch } = useQuery(operationQuery('explain_search', asked))
  if (error?.code === 'not_found') {
    return (
      <EmptyState title="No such document that you may read">
        <bdi className="font-mono text-sm wrap-anywhere">{asked.document}</bdi> is neither the id nor the
        external id of a document that is open to you. It may be another’s alone, deleted, or mistyped.
      </EmptyState>
    )
  }
  if (error !== null) return <ProblemNote problem={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Waiting what="the explanation" />
  return (
    <div className="space-y-4">
      <div>
        <p className="text-xs text-soft">
          For <bdi className="text-ink">{data.query}</bdi>
        </p>
        <h3 className="font-semibold wrap-anywhere">
          <Link
            to="/documents/$documentId"
            params={{ documentId: data.document_id }}
            className="text-accent hover:underline"
          >
            <bdi>{data.title}</bdi>
          </Link>
        </h3>
      </div>
      <Told explanation={data} />
      <VerdictNumbers explanation={data} />
    </div>
  )
}

function Told({ explanation }: { readonly explanation: Explanation }) {
  const { found, place, verdict, reasons } = explanation
  return (
    <div className="space-y-2" role="status">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={found ? 'good' : 'warn'}>
          {found
            ? `Hit ${place ?? ''}`
            : place === undefined
              ? 'Not found'
              : `${ordinal(place)}, beyond the hits`}
        </Badge>
      </p>
      {/* The verdict is the reasons in one sentence: said for itself only where it says something else. */}
      {reasons.length === 0 && <p>{verdict}</p>}
      <ul className="list-disc space-y-1 pl-5 wrap-anywhere">
        {reasons.map(({ code, say }) => (
          <li key={code + say}>{say}</li>
        ))}
      </ul>
    </div>
  )
}
