// The conversations there were.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { conversationsOf, recentQuery } from './conversation.ts'

export function Recent({ current }: { readonly current: string | undefined }) {
  const recent = useQuery(recentQuery)
  const conversations = conversationsOf(recent.data?.tasks ?? [])
  return (
    <nav aria-label="Earlier conversations">
      <h2 className="mb-1.5 px-2 text-xs font-medium text-soft">Earlier</h2>
      {recent.isPending && <Waiting what="earlier conversations" />}
      {recent.isError && <ProblemNote problem={recent.error} onRetry={() => void recent.refetch()} />}
      {recent.isSuccess && conversations.length === 0 && (
        <p className="px-2 text-sm text-soft">What you ask stands here.</p>
      )}
      <ul className="space-y-0.5 max-lg:[&>:nth-child(n+7)]:hidden">
        {conversations.map(({ contextId, title, at, turns }) => (
          <li key={contextId}>
            <Link
              to="/ask"
              search={{ context: contextId }}
              aria-current={contextId === current ? 'page' : undefined}
              className={`block rounded-md px-2 py-1.5 hover:bg-hover ${contextId === current ? 'bg-hover' : ''}`}
            >
              <span className="line-clamp-2 text-sm wrap-anywhere">
                <bdi>{title}</bdi>
              </span>
              <span className="figures text-xs text-soft">
                <Time at={at} />
                {turns > 1 && ` · ${turns} questions`}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
