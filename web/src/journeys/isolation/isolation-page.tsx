// Attacking one's own deployment: what is tried, a run of it, and what came of the last.
import { useQuery } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { operationQuery, useChange } from '../../api/operation-query.ts'
import { Button } from '../../parts/actions/button.tsx'
import { EmptyState } from '../../parts/shown/empty-state.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'
import { BrokenCheck, EndedCheck } from './report.tsx'
import { RunningCheck } from './running-check.tsx'
import { useCheck } from './use-check.ts'

/** Another operator may start one meanwhile. */
const LOOK_EVERY_MS = 15_000

export function IsolationPage() {
  const known = useQuery({
    ...operationQuery('get_last_isolation_check', {}),
    refetchInterval: LOOK_EVERY_MS,
  })
  const start = useChange('start_isolation_check', ['get_last_isolation_check'])
  const running = known.data?.running ?? undefined
  const last = known.data?.last ?? undefined
  const broken = known.data?.broken ?? undefined
  const live = useCheck(running?.check_id)
  const run = (
    <Button
      look="strong"
      isBusy={start.isPending}
      disabled={known.data === undefined || running !== undefined}
      onClick={() => start.mutate({})}
    >
      <ShieldCheck size={14} aria-hidden="true" />{' '}
      {running === undefined ? 'Run the attacks' : 'A check runs'}
    </Button>
  )
  return (
    <>
      <PageHead
        title="Isolation"
        lead="Plays the attacker against this deployment: two throw-away tenants are made, one is attacked from the other and from outside, and both are removed. It takes about a minute, and touches no other tenant."
        actions={last === undefined && running === undefined ? undefined : run}
      />
      <div className="space-y-4">
        {start.isError && <ProblemNote problem={start.error} />}
        {known.isError && <ProblemNote problem={known.error} onRetry={() => void known.refetch()} />}
        {known.isLoading && <Waiting what="the last check" lines={6} />}
        {running !== undefined && <RunningCheck live={live} />}
        {running === undefined && broken !== undefined && <BrokenCheck check={broken} />}
        {running === undefined && last !== undefined && <EndedCheck check={last} />}
        {known.data !== undefined && running === undefined && last === undefined && (
          <EmptyState title="This deployment has not been attacked yet" action={run}>
            Some sixty attacks: forged and stolen tokens, ids of the other tenant in every operation, hostile
            queries, smuggled SQL with the application’s own login. You see each as it happens.
          </EmptyState>
        )}
      </div>
    </>
  )
}
