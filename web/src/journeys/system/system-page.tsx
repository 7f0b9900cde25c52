// How the deployment stands: what it depends on, what waits, what is wrong. Looks again by itself.
import { useQuery } from '@tanstack/react-query'
import { CircleCheck, RefreshCw } from 'lucide-react'
import { operationQuery } from '../../api/operation-query.ts'
import { Button } from '../../parts/actions/button.tsx'
import { Banner } from '../../parts/shown/banner.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'
import { Dependencies } from './dependencies.tsx'
import { Embeddings } from './embeddings.tsx'
import { Facts } from './facts.tsx'
import { Queues } from './queues.tsx'
import { SigningKeys } from './signing-keys.tsx'

const LOOK_EVERY_MS = 30_000

export function SystemPage() {
  const looked = useQuery({ ...operationQuery('get_system_status', {}), refetchInterval: LOOK_EVERY_MS })
  const { data: status } = looked
  return (
    <>
      <PageHead
        title="System"
        lead="The process that answered, and what it depends on. Looks again every thirty seconds."
        actions={
          <Button isBusy={looked.isFetching} onClick={() => void looked.refetch()}>
            {!looked.isFetching && <RefreshCw size={14} aria-hidden="true" />} Look now
          </Button>
        }
      />
      <div className="space-y-5">
        {looked.isError && (
          <ProblemNote problem={looked.error} onRetry={() => void looked.refetch()}>
            {status !== undefined && <p>What stands below is as it was before.</p>}
          </ProblemNote>
        )}
        {looked.isLoading && <Waiting what="the state of the deployment" lines={8} />}
        {status !== undefined && (
          <>
            <Standing problems={status.problems} />
            <Facts status={status} />
            <Dependencies dependencies={status.dependencies} />
            <Queues queues={status.queues} />
            <Embeddings serving={status.embedding_model} />
            <SigningKeys keys={status.signing_keys} />
          </>
        )}
      </div>
    </>
  )
}

/** Told again only when it changes: the words stay the same while nothing does. */
function Standing({ problems }: { readonly problems: readonly string[] }) {
  if (problems.length === 0)
    return (
      <p
        role="status"
        className="flex items-start gap-2.5 rounded-md bg-good-ground px-3 py-2 text-sm text-good"
      >
        <CircleCheck size={16} aria-hidden="true" className="mt-0.5 shrink-0" />
        <span>
          <span className="font-medium">All is well.</span> Everything answers, and nothing waits for long.
        </span>
      </p>
    )
  return (
    <Banner kind="warn">
      <ul className={problems.length > 1 ? 'list-disc pl-4' : ''}>
        {problems.map(problem => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Banner>
  )
}
